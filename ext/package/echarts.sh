#!/bin/sh
# Apache ECharts for the report, from its package on npm, into build/echarts: the one file that the
# page carries, with its licence.  The version and its sum are fixed here; nothing of it is committed.
set -eu
cd "$(dirname "$0")/../.."
version=6.1.0
sum=q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==
out=build/echarts
[ "$(cat $out/version 2>/dev/null)" = $version ] && exit 0
command -v npm >/dev/null || { echo "$0: no npm: it fetches echarts@$version" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent echarts@$version >/dev/null)
got=$(openssl dgst -sha512 -binary "$work/echarts-$version.tgz" | openssl base64 -A)
[ "$got" = "$sum" ] || { echo "$0: echarts@$version has the sum $got, not $sum" >&2; exit 1; }
tar -C "$work" -xzf "$work/echarts-$version.tgz" package/dist/echarts.min.js package/LICENSE package/NOTICE
mkdir -p $out
cp "$work/package/dist/echarts.min.js" "$work/package/LICENSE" "$work/package/NOTICE" $out/
echo $version >$out/version
