"""`python -m gevinst_portfolio serve | migrate | work | restored`"""

import sys

from gevinst_portfolio.app import create_app
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.tables.every import metadata
from gevinst_portfolio.worker.restoring import restored
from gevinst_portfolio.worker.work import work
from gevinst_shared.web.commands import Program, run

PROGRAM = Program("portfolio", Settings, metadata, create_app, work, restored)

if __name__ == "__main__":
    run(PROGRAM, sys.argv[1:])
