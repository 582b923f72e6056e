"""`python -m gevinst_notifications serve | migrate | work`"""

import sys

from gevinst_notifications.app import create_app
from gevinst_notifications.settings import Settings
from gevinst_notifications.tables.every import metadata
from gevinst_notifications.worker import work
from gevinst_shared.web.commands import Program, run

PROGRAM = Program("notifications", Settings, metadata, create_app, work)

if __name__ == "__main__":
    run(PROGRAM, sys.argv[1:])
