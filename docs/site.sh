#!/bin/sh
# The documents as a site with search in build/site: mkdocs-material, from PyPI, at a fixed version.
set -eu
cd "$(dirname "$0")/.."
version=9.8.2
env=build/site-env
[ -x $env/bin/mkdocs ] && [ "$(cat $env/version 2>/dev/null)" = $version ] || {
  ${PYTHON:-python3} -m venv $env
  $env/bin/pip install -q "mkdocs-material==$version" "mkdocs<2" jieba
  echo $version >$env/version
}
rm -rf build/site-docs
mkdir -p build/site-docs
cp -r docs/. build/site-docs/
# links out of docs/ lead to files that the site does not have: they become plain names
for page in README.md:index.md README.zh.md:zh.md; do
  sed -e 's|](docs/|](|g' -e 's|](README.zh.md)|](zh.md)|g' -e 's|](README.md)|](index.md)|g' -e 's|\[\([^]]*\)\](sql/[^)]*)|\1|g' "${page%:*}" >"build/site-docs/${page#*:}"
done
find build/site-docs -name '*.md' -exec sed -i 's|\[\([^]]*\)\](\.\./\.*/*\(sql\|ext\|test\|include\|\.ci\)[^)]*)|\1|g' {} +
NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $env/bin/mkdocs build -q
echo "build/site/index.html: $(find build/site -name '*.html' | wc -l | tr -d ' ') pages"
