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
find build/site-docs -name '*.md' -exec sed -i -e 's#\[\([^]]*\)\](\(\.\./\)\{1,\}\(sql\|ext\|test\|include\|\.ci\)[^)]*)#\1#g' \
  -e 's#](\.\./README\.zh\.md)#](zh.md)#g' -e 's#](\.\./README\.md)#](index.md)#g' {} +
# Search without a server, from the disk: browsers let a page there start no worker, which this file stands in for.
mkdir -p build/site-docs/assets
SITE_OFFLINE=true
if ! cp build/iframe-worker.js build/site-docs/assets/ 2>/dev/null; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  sum=roeaaI+Lg1LJNfgpCjoRe/+WzEjy9+Z08LoEvu85MCPbBjwm+qXz8Ag5U05lHa6V1CysZyGzE0SOkAtSUA5q7Q==
  if command -v npm >/dev/null && (cd "$work" && npm pack --silent iframe-worker@1.0.4 >/dev/null) &&
    [ "$(openssl dgst -sha512 -binary "$work/iframe-worker-1.0.4.tgz" | openssl base64 -A)" = "$sum" ]; then
    tar -C "$work" -xzf "$work/iframe-worker-1.0.4.tgz" package/shim/index.js
    cp "$work/package/shim/index.js" build/iframe-worker.js
    cp build/iframe-worker.js build/site-docs/assets/
  else
    echo "search will want a web server: npm does not give iframe-worker" >&2
    : >build/site-docs/assets/iframe-worker.js
    SITE_OFFLINE=false
  fi
fi
export SITE_OFFLINE
NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $env/bin/mkdocs build -q 2>build/site.log || { cat build/site.log >&2; exit 1; }
rm -f build/site/site.sh build/site/make_docs.tcl build/site/arguments.tsv
python3 docs/site_links.py build/site
echo "build/site/index.html: $(find build/site -name '*.html' | wc -l | tr -d ' ') pages"
