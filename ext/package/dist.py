#!/usr/bin/env python3
"""Packages of siyu, from the libraries that ext/package/platforms.sh has built.

    python3 ext/package/dist.py FOLDER [PLATFORM ...]
    python3 ext/package/dist.py --wheel FOLDER        one wheel for this machine, of what make has built

Wheels and a source distribution, npm packages, archives with checksums and an SBOM, a Debian
package, sqlpkg.json.  Only Python's standard library is needed.  The same sources give the same
bytes: times in archives are that of the last commit, or SOURCE_DATE_EPOCH.
"""

import base64
import email.utils
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import time
import uuid
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLATFORMS = os.path.join(ROOT, "build", "platforms")
PACKAGE = os.path.join(ROOT, "ext", "package")
SUMMARY = "private-domain customer analytics for SQLite"

# platform -> tag of the wheel, os, cpu and libc of npm
NAMES = {
    "linux-x86_64": ("manylinux_2_17_x86_64.manylinux2014_x86_64", "linux", "x64", "glibc"),
    "linux-aarch64": ("manylinux_2_17_aarch64.manylinux2014_aarch64", "linux", "arm64", "glibc"),
    "linux-i386": ("manylinux_2_17_i686.manylinux2014_i686", "linux", "ia32", "glibc"),
    "linux-armhf": ("manylinux_2_17_armv7l.manylinux2014_armv7l", "linux", "arm", "glibc"),
    "linux-riscv64": ("manylinux_2_27_riscv64", "linux", "riscv64", "glibc"),
    "linux-s390x": ("manylinux_2_17_s390x.manylinux2014_s390x", "linux", "s390x", "glibc"),
    "linux-musl-x86_64": ("musllinux_1_1_x86_64", "linux", "x64", "musl"),
    "linux-musl-aarch64": ("musllinux_1_1_aarch64", "linux", "arm64", "musl"),
    "linux-musl-i386": ("musllinux_1_1_i686", "linux", "ia32", "musl"),
    "linux-musl-armhf": ("musllinux_1_1_armv7l", "linux", "arm", "musl"),
    "linux-musl-riscv64": ("musllinux_1_2_riscv64", "linux", "riscv64", "musl"),
    "linux-musl-s390x": ("musllinux_1_1_s390x", "linux", "s390x", "musl"),
    "windows-x86_64": ("win_amd64", "win32", "x64", None),
    "macos-x86_64": ("macosx_10_13_x86_64", "darwin", "x64", None),
    "macos-arm64": ("macosx_11_0_arm64", "darwin", "arm64", None),
}
DEBIAN = {"linux-x86_64": "amd64", "linux-aarch64": "arm64", "linux-i386": "i386",
          "linux-armhf": "armhf", "linux-riscv64": "riscv64", "linux-s390x": "s390x"}


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def version():
    return re.search(rb'SIYU_VERSION "([^"]+)"', read(ROOT, "include", "siyu.h")).group(1).decode()


def epoch():
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    try:
        out = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], capture_output=True, check=True)
        return int(out.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 1704067200


VERSION = version()
EPOCH = max(epoch(), 315532800)
LICENCE = read(ROOT, "LICENSE")


def is_of_today(path):
    """Not of sources that have changed since, as when its compiler is no longer there."""
    return os.path.exists(path) and os.stat(path).st_mtime_ns > os.stat(
        os.path.join(ROOT, "build", "amalgamation", "siyu.c")).st_mtime_ns


def library_of(platform):
    folder = os.path.join(PLATFORMS, platform)
    for name in ("siyu.so", "siyu.dylib", "siyu.dll"):
        if is_of_today(os.path.join(folder, name)):
            return name, read(folder, name)
    return None


def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, time.gmtime(EPOCH)[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o755 if name.endswith((".so", ".dylib", ".dll")) else 0o644) << 16
            archive.writestr(info, data)
    return out.getvalue()


def tarred(entries):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), EPOCH
            info.mode = 0o755 if name.endswith((".so", ".dylib", ".dll")) else 0o644
            archive.addfile(info, io.BytesIO(data))
    return raw.getvalue()


def gzipped(data, mtime=EPOCH):
    out = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, out, mtime) as file:
        file.write(data)
    return out.getvalue()


# ---- Python ----------------------------------------------------------------------

# Files that siyu's commands read: folder in siyu/data, where it is here, which of it.
PYTHON_DATA = [("rc", "sql", ("siyurc",)), ("report", "sql/report", (".sql",)), ("demo", "sql/demo", ("brand.sql",)),
               ("web", "ext/package/python/siyu/web", (".html", ".css", ".js")),
               ("echarts", "build/echarts", ("echarts.min.js", "LICENSE", "NOTICE"))]


def python_sources():
    folder = os.path.join(PACKAGE, "python", "siyu")
    for name in sorted(os.listdir(folder)):
        if name.endswith((".py", ".typed")):
            yield "siyu/" + name, read(folder, name).replace(b"@VERSION@", VERSION.encode())
    for place, source, suffixes in PYTHON_DATA:
        source = os.path.join(ROOT, *source.split("/"))
        for name in sorted(os.listdir(source)) if os.path.isdir(source) else ():
            if name.endswith(suffixes):
                yield "siyu/data/%s/%s" % (place, name), read(source, name)


def extras():
    """As pyproject.toml has them, which sdist is built by."""
    table = read(PACKAGE, "python", "pyproject.toml").decode().split("[project.optional-dependencies]\n")[1].split("\n\n")[0]
    for name, wants in re.findall(r"^(\w+) = (\[.*\])$", table, re.M):
        yield "Provides-Extra: %s\n" % name
        for want in json.loads(wants):
            yield "Requires-Dist: %s; extra == \"%s\"\n" % (want, name)


def metadata():
    return ("Metadata-Version: 2.1\nName: siyu\nVersion: %s\nSummary: %s\nLicense: MIT\n"
            "Requires-Python: >=3.7\n%sDescription-Content-Type: text/markdown\n\n"
            % (VERSION, SUMMARY, "".join(extras()))).encode() + read(PACKAGE, "python", "README.md")


ENTRY_POINTS = b"[console_scripts]\nsiyu = siyu.cli:main\n\n[datasette]\nsiyu = siyu.datasette\n"


def wheel(platform):
    library, data = library_of(platform)
    return wheel_of(library, data, NAMES[platform][0])


def own_wheel():
    """Of the library that make has left, for this machine and its C library alone."""
    for library in ("siyu.so", "siyu.dylib", "siyu.dll"):
        if os.path.exists(os.path.join(ROOT, library)):
            return wheel_of(library, read(ROOT, library), re.sub(r"[-.]", "_", sysconfig.get_platform()))
    sys.exit("no library here: make")


def wheel_of(library, data, machine):
    tag = "py3-none-" + machine
    info = "siyu-%s.dist-info/" % VERSION
    tags = "".join("Tag: py3-none-%s\n" % t for t in machine.split("."))
    entries = list(python_sources()) + [
        ("siyu/" + library, data),
        (info + "METADATA", metadata()),
        (info + "WHEEL", ("Wheel-Version: 1.0\nGenerator: siyu\nRoot-Is-Purelib: false\n" + tags).encode()),
        (info + "entry_points.txt", ENTRY_POINTS),
        (info + "LICENSE", LICENCE),
    ]
    record = ""
    for name, content in entries:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += "%s,sha256=%s,%d\n" % (name, digest, len(content))
    entries.append((info + "RECORD", (record + info + "RECORD,,\n").encode()))
    return "siyu-%s-%s.whl" % (VERSION, tag), zipped(entries)


def sdist():
    top = "siyu-%s/" % VERSION
    entries = [(top + name, data) for name, data in python_sources()]
    entries += [(top + "csrc/" + name, read(ROOT, "build", "amalgamation", name)) for name in ("siyu.c", "siyu.h")]
    entries += [(top + "csrc/" + name, read(PLATFORMS, "include", name)) for name in ("sqlite3.h", "sqlite3ext.h")]
    for name in ("pyproject.toml", "setup.py", "README.md"):
        entries.append((top + name, read(PACKAGE, "python", name).replace(b"@VERSION@", VERSION.encode())))
    entries += [(top + "LICENSE", LICENCE), (top + "PKG-INFO", metadata())]
    return "siyu-%s.tar.gz" % VERSION, gzipped(tarred(entries))


# ---- npm -------------------------------------------------------------------------

def npm_name(platform):
    _, system, cpu, libc = NAMES[platform]
    return "siyu-%s-%s%s" % (system, cpu, "-musl" if libc == "musl" else "")


def npm_archive(files):
    return gzipped(tarred([("package/" + name, data) for name, data in files]))


def npm_platform(platform):
    library, data = library_of(platform)
    _, system, cpu, libc = NAMES[platform]
    about = {"name": npm_name(platform), "version": VERSION, "description": "%s (%s)" % (SUMMARY, platform),
             "license": "MIT", "os": [system], "cpu": [cpu], "files": [library]}
    if libc:
        about["libc"] = [libc]
    files = [("package.json", json.dumps(about, indent=2).encode()), (library, data), ("LICENSE", LICENCE)]
    return "%s-%s.tgz" % (npm_name(platform), VERSION), npm_archive(files)


def npm_main(platforms):
    about = json.loads(read(PACKAGE, "npm", "package.json"))
    about["version"] = VERSION
    about["optionalDependencies"] = {npm_name(p): VERSION for p in platforms}
    files = [("package.json", json.dumps(about, indent=2).encode()), ("LICENSE", LICENCE)]
    for name in ("index.js", "index.mjs", "index.d.ts", "README.md"):
        files.append((name, read(PACKAGE, "npm", name)))
    return "siyu-%s.tgz" % VERSION, npm_archive(files)


def npm_wasm():
    about = json.loads(read(PACKAGE, "wasm", "package.json"))
    about["version"] = VERSION
    files = [("package.json", json.dumps(about, indent=2).encode()), ("LICENSE", LICENCE),
             ("siyu.wasm", read(PLATFORMS, "wasm", "siyu.wasm"))]
    files += [(name, read(PACKAGE, "wasm", name)) for name in ("index.mjs", "index.d.ts", "index.html")]
    return "siyu-wasm-%s.tgz" % VERSION, npm_archive(files)


# ---- archives, Debian, sqlpkg --------------------------------------------------------

def archives(platform):
    """A zip without a folder, as sqlpkg takes it; a tar.gz with one where that is the custom."""
    library, data = library_of(platform)
    files = [(library, data), ("siyu.h", read(ROOT, "include", "siyu.h")), ("LICENSE", LICENCE)]
    name = "siyu-%s-%s" % (VERSION, platform)
    yield name + ".zip", zipped(files)
    if not platform.startswith("windows"):
        yield name + ".tar.gz", gzipped(tarred([("%s/%s" % (name, n), d) for n, d in files]))


def one_file():
    return "siyu-%s-amalgamation.zip" % VERSION, zipped(
        [(n, read(ROOT, "build", "amalgamation", n)) for n in ("siyu.c", "siyu.h")] + [("LICENSE", LICENCE)])


def ar(entries):
    out = b"!<arch>\n"
    for name, data in entries:
        out += ("%-16s%-12d0     0     100644  %-10d`\n" % (name, EPOCH, len(data))).encode() + data + b"\n" * (len(data) % 2)
    return out


def debian_tar(entries):
    """With the folders, which dpkg wants before the files."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as archive:
        seen = set()
        for name, data in entries:
            parts = name.split("/")[:-1]
            for i in range(len(parts)):
                folder = "/".join(parts[: i + 1])
                if folder not in seen:
                    seen.add(folder)
                    info = tarfile.TarInfo(folder + "/")
                    info.type, info.mode, info.mtime = tarfile.DIRTYPE, 0o755, EPOCH
                    archive.addfile(info)
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(data), EPOCH, 0o644
            archive.addfile(info, io.BytesIO(data))
    return gzipped(raw.getvalue())


def maintainer():
    """As Debian's own tools take it."""
    return "%s <%s>" % (os.environ.get("DEBFULLNAME", "the authors of siyu"), os.environ.get("DEBEMAIL", "siyu@localhost"))


def debian_changelog():
    return ("siyu (%s) unstable; urgency=medium\n\n  * What is new: /usr/share/doc/siyu/NEWS.md.gz.\n\n -- %s  %s\n" % (
        VERSION, maintainer(), email.utils.formatdate(EPOCH))).encode()


def deb(platform):
    _, data = library_of(platform)
    man = read(PACKAGE, "debian", "siyu.7").replace(b"@VERSION@", VERSION.encode())
    files = [
        ("./usr/lib/sqlite3/siyu.so", data),
        ("./usr/include/siyu.h", read(ROOT, "include", "siyu.h")),
        ("./usr/share/man/man7/siyu.7.gz", gzipped(man, 0)),
        ("./usr/share/doc/siyu/changelog.gz", gzipped(debian_changelog(), 0)),
        ("./usr/share/doc/siyu/NEWS.md.gz", gzipped(read(ROOT, "docs", "changelog.md"), 0)),
        ("./usr/share/doc/siyu/copyright", LICENCE),
    ]
    control = read(PACKAGE, "debian", "control").decode()
    control = control.replace("@VERSION@", VERSION).replace("@ARCHITECTURE@", DEBIAN[platform]).replace("@MAINTAINER@", maintainer())
    control = control.replace("@SIZE@", str(sum(len(d) for _, d in files) // 1024 + 1))
    sums = "".join("%s  %s\n" % (hashlib.md5(d).hexdigest(), n[2:]) for n, d in files)
    return "siyu_%s_%s.deb" % (VERSION, DEBIAN[platform]), ar([
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", debian_tar([("./control", control.encode()), ("./md5sums", sums.encode())])),
        ("data.tar.gz", debian_tar(files)),
    ])


def sqlpkg(platforms):
    """Installs from the folder it is in, or from the one of SIYU_URL when it is published."""
    kinds = {"linux-x86_64": "linux-amd64", "linux-aarch64": "linux-arm64", "windows-x86_64": "windows-amd64",
             "macos-x86_64": "darwin-amd64", "macos-arm64": "darwin-arm64"}
    zips = {kinds[p]: next(archives(p)) for p in platforms if p in kinds}
    about = json.loads(read(PACKAGE, "sqlpkg.json"))
    about["version"] = VERSION
    about["assets"] = {
        "path": os.environ.get("SIYU_URL", "."),
        "files": {kind: name for kind, (name, _) in zips.items()},
        "checksums": {name: "sha256-" + hashlib.sha256(data).hexdigest() for name, data in zips.values()}}
    return "sqlpkg.json", json.dumps(about, indent=2).encode() + b"\n"


def component(name, version, licence, purl, description):
    return {"type": "library", "name": name, "version": version, "description": description,
            "licenses": [{"license": licence}], "purl": purl}


def sqlite_component(version, description):
    return component("sqlite", version, {"id": "blessing"}, "pkg:generic/sqlite@" + version, description)


def others_in(name):
    """What a package carries of others, besides the library itself."""
    if name.startswith("siyu-wasm-"):
        yield sqlite_component(read(PLATFORMS, "wasm", "sqlite").decode().strip(), "compiled into siyu.wasm")
    if name == "siyu-%s.tar.gz" % VERSION:
        header = read(PLATFORMS, "include", "sqlite3.h")
        yield sqlite_component(re.search(rb'define SQLITE_VERSION +"([^"]+)"', header).group(1).decode(), "its two headers")
    echarts = os.path.join(ROOT, "build", "echarts", "version")
    if (name.endswith(".whl") or name == "siyu-%s.tar.gz" % VERSION) and os.path.exists(echarts):
        number = read(echarts).decode().strip()
        yield component("echarts", number, {"id": "Apache-2.0"}, "pkg:npm/echarts@" + number, "the charts of siyu report")


def file_component(name, data):
    about = {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}]}
    others = [dict(o, **{"bom-ref": "%s:%s" % (name, o["name"])}) for o in others_in(name)]
    return dict(about, components=others) if others else about


def sbom(made):
    """CycloneDX: siyu's own sources with the tz database in them, the packages, and what of others is in each."""
    zones = re.search(rb'ZONE_TABLE_VERSION "([^"]+)"', read(ROOT, "ext", "base", "time", "zone_table.h")).group(1).decode()
    tz = dict(component("tzdata", zones, {"name": "public domain"}, "pkg:generic/tzdata@" + zones, "the rules of time zones, compiled in"),
              **{"bom-ref": "tzdata"})
    sqlite = {"type": "library", "bom-ref": "sqlite", "name": "sqlite", "licenses": [{"license": {"id": "blessing"}}],
              "description": "what siyu is loaded into: 3.31.0 or newer, not part of the packages except as said there"}
    about = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": "urn:uuid:%s" % uuid.uuid5(uuid.NAMESPACE_OID, "".join(hashlib.sha256(d).hexdigest() for _, d in made)),
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH)),
            "component": {"type": "library", "bom-ref": "siyu", "name": "siyu", "version": VERSION,
                          "purl": "pkg:generic/siyu@" + VERSION, "description": SUMMARY, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": [sqlite, tz] + [file_component(name, data) for name, data in made],
        "dependencies": [{"ref": "siyu", "dependsOn": ["sqlite", "tzdata"]}],
    }
    return "siyu-%s.cdx.json" % VERSION, json.dumps(about, indent=2).encode() + b"\n"


# Whatever version and platform; files of others that lie there are left alone.
PACKAGE_NAMES = re.compile(r"siyu-\d.*\.(whl|tar\.gz|zip|tgz|cdx\.json)|siyu-[a-z].*\.tgz|siyu_.*\.deb|sqlpkg\.json|SHA256SUMS")


def take_away(folder):
    """What an earlier build, of more platforms or another version, has left."""
    for name in os.listdir(folder):
        if PACKAGE_NAMES.fullmatch(name):
            os.remove(os.path.join(folder, name))


def write(folder, made):
    os.makedirs(folder, exist_ok=True)
    take_away(folder)
    for name, data in made:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


def main(folder, wanted):
    platforms = [p for p in NAMES if (not wanted or p in wanted) and library_of(p)]
    if not platforms:
        sys.exit("no library of these sources in build/platforms: ext/package/platforms.sh build")
    if not os.path.exists(os.path.join(ROOT, "build", "echarts", "version")):
        print("without the charts of siyu report: ext/package/echarts.sh could not fetch them")
    made = [one_file(), sdist(), npm_main(platforms), sqlpkg(platforms)]
    for platform in platforms:
        made += [wheel(platform), npm_platform(platform)] + list(archives(platform))
        if platform in DEBIAN:
            made.append(deb(platform))
    if is_of_today(os.path.join(PLATFORMS, "wasm", "sqlite")):    # written when it is whole
        made.append(npm_wasm())
    made.sort()
    made.append(sbom(made))
    sums = "".join("%s  %s\n" % (hashlib.sha256(data).hexdigest(), name) for name, data in sorted(made))
    made.append(("SHA256SUMS", sums.encode()))
    write(folder, made)
    print("%d packages of %d platform%s in %s" % (len(made), len(platforms), "s" if len(platforms) > 1 else "", folder))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--wheel":
        write(sys.argv[2], [own_wheel()])
    else:
        main(sys.argv[1], sys.argv[2:])
