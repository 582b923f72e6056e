"""A small file of each kind that an operation takes, by its operation."""

from tests.support.workbooks import written

_PLAN = written({"A": [["gevinst-plan:A::id", "benefit-name"], ["id", "Benefit"]]})
FILES = {
    "import_projects": b"Project Name,Department\nPost,Digital\n",
    "upload_file": b"id,revision,name\n,,Post\n",
    "read_benefit_tree_file": b"key,kind,name\nT1,technology,Post\n",
    "preview_file": b"indicator,day,value\n",
    "record_file": b"indicator,day,value\n",
    "preview_plan_workbook": _PLAN,
    "apply_plan_workbook": _PLAN,
}
