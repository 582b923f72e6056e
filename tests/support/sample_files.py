"""A small file of each kind that an operation takes, by its operation."""

FILES = {
    "import_projects": b"Project Name,Department\nPost,Digital\n",
    "upload_file": b"id,revision,name\n,,Post\n",
    "read_benefit_tree_file": b"key,kind,name\nT1,technology,Post\n",
    "preview_file": b"indicator,day,value\n",
    "record_file": b"indicator,day,value\n",
}
