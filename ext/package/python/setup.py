"""Compiles the one C file of siyu; it is loaded by SQLite, not imported by Python."""

import os
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SUFFIX = {"win32": ".dll", "cygwin": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")


class BuildLibrary(build_ext):
    def get_ext_filename(self, name):
        return os.path.join(*name.split(".")) + SUFFIX

    def get_export_symbols(self, ext):
        return ["sqlite3_siyu_init"] if sys.platform == "win32" else []


try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    try:
        from wheel.bdist_wheel import bdist_wheel
    except ImportError:
        bdist_wheel = None

commands = {"build_ext": BuildLibrary}
if bdist_wheel:

    class AnyPython(bdist_wheel):
        """No Python's ABI is used: one wheel serves them all."""

        def get_tag(self):
            return ("py3", "none", bdist_wheel.get_tag(self)[2])

    commands["bdist_wheel"] = AnyPython

windows = sys.platform == "win32"
setup(
    cmdclass=commands,
    ext_modules=[
        Extension(
            "siyu.siyu",
            ["csrc/siyu.c"],
            include_dirs=["csrc"],
            libraries=[] if windows else ["m"],
            extra_compile_args=["/std:c11", "/utf-8", "/O2"] if windows else ["-O3", "-std=c11", "-ffp-contract=off"],
        )
    ],
)
