"""Mails that came back, as mail servers write them (RFC 3464)."""

_REPORT = """\
From: MAILER-DAEMON@mx.example.no (Mail Delivery System)
To: gevinst@example.no
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-1@mx.example.no>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.no
Arrival-Date: Fri, 20 Nov 2026 10:00:00 +0100

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} {words}

--b1
Content-Type: {kind}

{original}
--b1--
"""
_HEADERS = """\
From: Gevinst <gevinst@example.no>
To: {recipient}
Message-ID: {message_id}
Subject: BP3 for Digital post
"""


def returned(
    message_id: str,
    *,
    recipient: str = "olga@example.no",
    status: str = "5.1.1",
    action: str = "failed",
    is_whole: bool = False,
) -> str:
    """A report that the message did not reach `recipient`; with the whole message, or its headers alone."""
    headers = _HEADERS.format(recipient=recipient, message_id=message_id)
    return _REPORT.format(
        recipient=recipient,
        action=action,
        status=status,
        words="no such user here",
        kind="message/rfc822" if is_whole else "text/rfc822-headers",
        original=f"{headers}\nThe text.\n" if is_whole else headers,
    )
