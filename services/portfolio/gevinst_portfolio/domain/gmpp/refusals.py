"""Why a file cannot be imported as a GMPP file."""

from gevinst_shared.values.refusal import Refusal


class FileTooLarge(Refusal):
    """Refused by size alone, before anything is read."""

    code = "file-too-large"
    title = "The file is too large"
    detail = "The file has {size} bytes; up to {limit} are read. Remove what does not belong to the table."


class FileEmpty(Refusal):
    """No bytes, or only space."""

    code = "file-empty"
    title = "The file is empty"
    detail = "The file holds no text. Download it again and send the CSV file as it was published."


class FileBinary(Refusal):
    """A workbook, an archive, a picture: not text."""

    code = "file-binary"
    title = "The file is not text"
    detail = "This looks like {kind}. Save the sheet as CSV and send that."


class EncodingUnreadable(Refusal):
    """Too many bytes have no character in any encoding that fits."""

    code = "encoding-unreadable"
    title = "The text cannot be read"
    detail = (
        "The bytes do not fit {encoding}, the nearest encoding. Save the file as CSV in UTF-8 and send that."
    )


class NotATable(Refusal):
    """No delimiter gives rows and columns, or a quotation mark swallows cells."""

    code = "not-a-table"
    title = "The file is not a table"
    detail = (
        "From row {row} on, the file cannot be divided into cells. It must be CSV with comma, semicolon, tab "
        "or bar between cells. Quotation marks come in pairs, and are doubled inside a quoted cell."
    )


class TooManyCells(Refusal):
    """More cells than any real portfolio has."""

    code = "too-many-cells"
    title = "The table is too large"
    detail = "The table has more than {limit} cells. Send one year's file at a time, without other sheets."


class FieldsNotRecognised(Refusal):
    """No line of the table holds the labels of a GMPP file."""

    code = "fields-not-recognised"
    title = "The fields are not recognised"
    detail = (
        "No row or column holds the labels of a GMPP file. Among its first ten rows or columns, one must "
        "have 'Project name' and at least two more, such as 'Department' and 'Project - End Date'."
    )


class NoProjects(Refusal):
    """Labels, and nothing beside them."""

    code = "no-projects"
    title = "There is no project in the file"
    detail = "The labels of a GMPP file were found, but no project beside them: see whether it was cut short."


class YearUnknown(Refusal):
    """Neither the labels, the caller, the file name nor the identifiers tell the year."""

    code = "year-unknown"
    title = "The year of the file is not known"
    detail = "Neither the labels nor the file name tell which year this is. Give the year with the file."
