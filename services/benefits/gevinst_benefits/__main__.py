"""`python -m gevinst_benefits serve | migrate | work | restored`"""

import sys

from gevinst_benefits.app import create_app
from gevinst_benefits.settings import Settings
from gevinst_benefits.tables.every import metadata
from gevinst_benefits.worker import restored, work
from gevinst_shared.web.commands import Program, run

PROGRAM = Program("benefits", Settings, metadata, create_app, work, restored)

if __name__ == "__main__":
    run(PROGRAM, sys.argv[1:])
