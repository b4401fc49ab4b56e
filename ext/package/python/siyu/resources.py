"""Files that come with siyu: beside the modules in a package, in their own folders in the sources."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
# ext/package/python/siyu in the sources
TREE = os.path.abspath(os.path.join(HERE, "..", "..", "..", ".."))
IN_TREE = os.path.exists(os.path.join(TREE, "ext", "siyu.c"))

# folder of the package -> folder of the sources
FOLDERS = {"demo": "sql/demo", "report": "sql/report", "web": "ext/package/python/siyu/web", "echarts": "build/echarts", "rc": "sql"}


def path(folder, name):
    """Path of a file, or None where it is not there."""
    places = [os.path.join(HERE, "data", folder, name)]
    if IN_TREE:
        places.append(os.path.join(TREE, *(FOLDERS[folder].split("/") + [name])))
    for place in places:
        if os.path.exists(place):
            return place
    return None


def text(folder, name):
    found = path(folder, name)
    if found is None:
        raise FileNotFoundError("siyu was installed without its file %s/%s" % (folder, name))
    with open(found, encoding="utf-8") as file:
        return file.read()


def names(folder, suffix):
    """Names of the files of a folder, in order."""
    for place in (os.path.join(HERE, "data", folder), os.path.join(TREE, *FOLDERS[folder].split("/")) if IN_TREE else ""):
        if place and os.path.isdir(place):
            return sorted(name for name in os.listdir(place) if name.endswith(suffix))
    return []
