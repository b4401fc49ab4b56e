# The command line of the Python package: files of all kinds into a database, figures, the shell.
# What stands in the tables is compared with what is written in the files here.
. "$(dirname "$0")/common"
pip_has openpyxl
can_load
siyu=$venv/bin/siyu
export LANG=C.UTF-8 LC_ALL=C.UTF-8
is() { [ "$2" = "$3" ] || { echo "$1: $2, not $3"; exit 1; }; }
has() { printf '%s\n' "$2" | grep -q -- "$3" || { echo "$1 does not say '$3':"; printf '%s\n' "$2"; exit 1; }; }
ask() { sqlite3 "$1" "$2"; }

# ---- the same four lines as nine files -----------------------------------------------
cat >make.py <<'PY'
import openpyxl
rows = [["订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单付款时间", "退款金额"],
        ["1930679858170647", "张三", "1,280.50", "交易成功", "2024-03-02 10:05:00", "0"],
        ["1930679858170648", "李四", "99.00", "交易成功", "2024-03-05 21:40:00", "20"],
        ["1930679858170649", "张三", "300.00", "交易关闭", "2024-03-09 09:00:00", "0"],
        ["1930679858170650", "王“五”", "60.00", "交易成功", "2024-03-31 23:59:59", "0"]]
def text(separator, quote=True):
    cell = lambda c: '"%s"' % c.replace('"', '""') if separator in c or '"' in c else c
    return "\n".join(separator.join(map(cell, row)) for row in rows) + "\n"
for name, data in {
    "utf8.csv": text(",").encode(), "bom.csv": b"\xef\xbb\xbf" + text(",").encode(), "gbk.csv": text(",").encode("gb18030"),
    "utf16.csv": text("\t").encode("utf-16"), "utf16le.txt": text("\t").encode("utf-16-le"), "semicolon.csv": text(";").encode(),
    "cr.csv": text(",").replace("\n", "\r").encode(), "crlf.csv": text(",").replace("\n", "\r\n").encode(),
    "title.csv": ("店铺订单导出\n" + text(",")).encode(), "sep.csv": ("sep=;\r\n" + text(";")).encode(),
    "nul.csv": text(",").encode().replace("李四".encode(), "李\0四".encode())}.items():
    open(name, "wb").write(data)
book = openpyxl.Workbook()
sheet = book.active
for row in rows:
    sheet.append(row)
book.create_sheet("other").append(["nothing"])
book.save("book.xlsx")
book = openpyxl.Workbook()      # numbers and times as a spreadsheet has them
sheet = book.active
import datetime
sheet.append(["Order", "Customer", "Amount", "Date"])
sheet.append([1001, "ann", 12.5, datetime.datetime(2024, 3, 2, 10, 5)])
sheet.append([1002, 13800138000, 80, datetime.date(2024, 3, 9)])
book.save("typed.xlsx")
book.active.append([1.93067985817e17, "bo", 1, datetime.date(2024, 3, 9)])
book.save("lost.xlsx")
PY
"$venv/bin/python" make.py
for file in utf8.csv bom.csv gbk.csv utf16.csv utf16le.txt semicolon.csv cr.csv crlf.csv title.csv sep.csv nul.csv book.xlsx; do
  rm -f b.db
  said=$("$siyu" import "$file" -d b.db) || { echo "$file: $said"; exit 1; }
  has "$file" "$said" '3 orders of 3 customers from 4 rows'
  has "$file" "$said" '1439.50 paid, 20.00 refunded'
  is "$file" "$(ask b.db "SELECT group_concat(order_id || customer || amount, ' ') FROM (SELECT * FROM orders ORDER BY time, amount DESC)")" \
    "1930679858170647张三128050 1930679858170648李四9900 1930679858170648李四-2000 1930679858170650王“五”6000"
  is "$file leaves no table of its own" "$(ask b.db "SELECT count(*) FROM sqlite_master WHERE name LIKE '%csv%' OR name IN ('utf8', 'book')")" 0
done
has gbk.csv "$("$siyu" import -q gbk.csv -d b.db)" GB18030
has again "$("$siyu" import -q utf8.csv gbk.csv -d b.db; ask b.db 'SELECT count(*) FROM orders')" '^4$'
"$siyu" import -q typed.xlsx -d typed.db >said.txt
is typed.xlsx "$(ask typed.db "SELECT group_concat(order_id || '/' || customer || '/' || amount || '/' || time, ' ') FROM orders")" \
  '1001/ann/1250/2024-03-02 10:05:00 1002/13800138000/8000/2024-03-09'
said=$("$siyu" import -q lost.xlsx -d lost.db 2>&1) && { echo "lost digits were taken"; exit 1; }
has lost.xlsx "$said" 'lost the digits'

# ---- the tabs of a book, merged cells, formulas, pages called .xls, other encodings, commas without quotes -------
cat >books.py <<'PY'
import datetime
import openpyxl
def book(name, tabs, merge=()):
    b = openpyxl.Workbook()
    b.remove(b.active)
    for title, rows in tabs.items():
        s = b.create_sheet(title)
        for row in rows:
            s.append(row)
        for ref in merge:
            s.merge_cells(ref)
    b.save(name)
rows = lambda n: [["A%d" % i, "c%d" % i, "2025-03-%02d" % i, i] for i in range(1, n)]
book("all.xlsx", {"全部": [["订单号", "客户", "日期", "金额"]] + rows(9), "3月": [["订单号", "客户", "日期", "金额"]] + rows(5)})
book("returns.xlsx", {"退货": [["订单号", "客户", "日期", "金额"], ["R1", "a", "2025-03-09", 5]], "订单": [["订单号", "客户", "日期", "金额"]] + rows(3)})
day = lambda m, d: datetime.datetime(2025, m, d)
head = ["订单号", "客户", "日期", "金额"]
book("months.xlsx", {"汇总": [["月份", "销售额", "订单数"], ["2025-01", 150, 2]], "1月": [["一月份销售"], head, ["A1", "张三", day(1, 4), 100], ["A2", "李四", day(1, 5), 50]],
     "2月": [head[::-1] + ["备注"], [30, day(2, 4), "张三", "B1", "x"], ["合计", None, None, None]], "2月 (2)": [["一月份销售"], head, ["A1", "张三", day(1, 4), 100], ["A2", "李四", day(1, 5), 50]]})
book("merged.xlsx", {"s": [["订单编号", "买家会员名", "实付款(元)", "订单状态", "订单付款时间", "货品标题", "单价", "数量"],
     ["1930679858170647", "jia", 310, "交易成功", "2025-03-04 10:05:00", "霜", 100, 2], [None, None, None, None, None, "膏", 110, 1], ["1930679858170648", "yi", 180, "交易成功", "2025-03-05 10:05:00", "霜", 90, 2]]},
     [c + "2:" + c + "3" for c in "ABCDE"])
book("days.xlsx", {"s": [["日期", "客户", "金额"], [day(3, 4), "张三", 100], [None, "李四", 50], [None, "王五", 50], [day(3, 5), "张三", 100]]}, ["A2:A4"])
book("formulas.xlsx", {"s": [["订单号", "客户", "日期", "单价", "数量", "金额"], ["A1", "张三", day(3, 4), 100, 2, "=D2*E2"]]})
open("page.xls", "w", encoding="utf-8").write("""<html xmlns:x="urn:schemas-microsoft-com:office:excel"><meta charset="utf-8"><table border=1>
<tr><th>订单号</th><th>买家昵称</th><th>付款时间</th><th>实付金额</th></tr><tr><td>2503040001</td><td>小红&amp;明</td><td>2025-03-04 10:00:00</td><td>1,100.00</td></tr>
<tr><td>2503040003<td/><td>小红&amp;明</td><td>2025-03-06 10:00:00</td><td>20.00</td></tr></table></html>""".replace("<td/>", "</td>"))
open("page2003.xls", "w", encoding="utf-8").write("""<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="s"><Table>
<Row><Cell><Data ss:Type="String">订单号</Data></Cell><Cell><Data>客户</Data></Cell><Cell><Data>日期</Data></Cell><Cell><Data>备注</Data></Cell><Cell><Data>金额</Data></Cell></Row>
<Row><Cell><Data>1</Data></Cell><Cell><Data>a</Data></Cell><Cell><Data>2025-03-04</Data></Cell><Cell ss:Index="5"><Data>12.5</Data></Cell></Row></Table></Worksheet></Workbook>""")
open("rakuten.csv", "wb").write('注文番号,注文日時,注文ステータス,注文者メールアドレス,合計金額\n1,2025/03/04 10:00:00,発送済,t@x.jp,"3,000"\n2,2025/03/05 10:00:00,キャンセル確定,h@x.jp,"1,000"\n'.encode("cp932"))
open("korea.csv", "wb").write("주문번호,고객,결제일,금액\n1,a,2025-03-04,10\n".encode("euc_kr"))
open("commas.csv", "w").write("订单号,客户,金额,付款时间,状态\n1,a,100.00,2025-03-04,已完成\n2,b,1,200.00,2025-03-05,已完成\n3,b,1,234,567.00,2025-03-05,已完成\n")
open("commas2.csv", "w").write("order,customer,amount,price,date\n1,a,10,10,2025-03-04\n2,b,1,200,300,2025-03-05\n")
PY
"$venv/bin/python" books.py
"$siyu" import -q months.xlsx -d months.db >said.txt
has months.xlsx "$(cat said.txt)" 'sheet 2月 (2) is a copy; sheets 1月, 2月 of 汇总, 1月, 2月, 2月 (2)'
is months.xlsx "$(ask months.db "SELECT group_concat(order_id || customer || amount || substr(time, 1, 10), ' ') FROM (SELECT * FROM orders ORDER BY 1)")" 'A1张三100002025-01-04 A2李四50002025-01-05 B1张三30002025-02-04'
"$siyu" import -q --sheet 2月 months.xlsx -d month.db >said.txt
said=$("$siyu" import -q all.xlsx -d all.db 2>&1) && { echo "orders of two tabs were counted twice"; exit 1; }
has all.xlsx "$said" 'sheets 全部 and 3月 share lines.*--sheet NAME reads one of 全部, 3月'
"$siyu" import -q returns.xlsx -d returns.db >said.txt
has returns.xlsx "$(cat said.txt)" 'sheet 订单 of 退货, 订单'
is returns.xlsx "$(ask returns.db 'SELECT sum(amount) FROM orders')" 300
is "one sheet" "$(ask month.db 'SELECT count(*) FROM orders')" 1
"$siyu" import -q merged.xlsx -d merged.db >said.txt
is merged.xlsx "$(ask merged.db "SELECT group_concat(customer || amount, ' ') FROM orders; SELECT group_concat(order_id || product || amount, ' ') FROM order_lines")" 'jia31000 yi18000
1930679858170647霜20000 1930679858170647膏11000 1930679858170648霜18000'
"$siyu" import -q days.xlsx -d days.db >said.txt
is days.xlsx "$(ask days.db "SELECT group_concat(time || amount, ' ') FROM (SELECT * FROM orders ORDER BY time, amount DESC)")" '2025-03-0410000 2025-03-045000 2025-03-045000 2025-03-0510000'
said=$("$siyu" import -q formulas.xlsx -d formulas.db 2>&1) && { echo "formulas without values were taken"; exit 1; }
has formulas.xlsx "$said" 'column 金额 holds formulas whose values nobody has reckoned'
"$siyu" import -q page.xls page2003.xls -d page.db >said.txt
is page.xls "$(ask page.db "SELECT group_concat(customer || amount, ' ') FROM (SELECT * FROM orders ORDER BY amount)")" 'a1250 小红&明2000 小红&明110000'
"$siyu" import -q rakuten.csv -d rakuten.db >said.txt
has rakuten.csv "$(cat said.txt)" 'read as CP932'
is rakuten.csv "$(ask rakuten.db "SELECT group_concat(customer || amount, ' ') FROM orders")" t@x.jp300000
"$siyu" import -q korea.csv -d korea.db --map order=주문번호 --map customer=고객 --map time=결제일 --map amount=금액 >said.txt
is korea.csv "$(ask korea.db 'SELECT amount FROM orders')" 1000
"$siyu" import -q commas.csv -d commas.db >said.txt
has commas.csv "$(cat said.txt)" '2 lines had amounts with commas and no quotes'
is commas.csv "$(ask commas.db "SELECT group_concat(amount) FROM orders")" 10000,120000,123456700
said=$("$siyu" import -q commas2.csv -d commas.db 2>&1) && { echo "a row that can be read in two ways was taken"; exit 1; }
has commas2.csv "$said" 'it can be read in several ways: 2,b,1,200,300,2025-03-05'

# ---- names above the rows that are theirs ------------------------------------------------
cat >groups.csv <<'CSV'
Sales by Customer Detail,,,,,,
My Shop Inc.,,,,,,
"March 1-31, 2025",,,,,,
,Date,Transaction Type,Num,Product/Service,Qty,Amount
Ann Lee,,,,,,
,03/14/2025,Invoice,1001,Cup,2,40.00
,03/20/2025,Invoice,1003,Cup,1,20.00
Total for Ann Lee,,,,,3,$60.00
Bo Ray,,,,,,
,03/15/2025,Invoice,1002,Pot,1,50.00
,03/25/2025,Credit Memo,1004,Pot,-1,-50.00
Total for Bo Ray,,,,,0,$0.00
TOTAL,,,,,3,$60.00
CSV
said=$("$siyu" import -q groups.csv -d groups.db 2>&1) && { echo "who bought was not asked"; exit 1; }
has groups.csv "$said" 'no column is known to be the customer.*the headers are: column 1, Date'
"$siyu" import -q groups.csv -d groups.db --map 'customer=column 1' >said.txt
has groups.csv "$(cat said.txt)" '3 orders of 2 customers from 7 rows of groups: 110.00 paid, 50.00 refunded (1 refund). Left out: 0 orders.* 3 lines of totals'
is groups.csv "$(ask groups.db "SELECT group_concat(customer || amount, ' ') FROM (SELECT * FROM orders ORDER BY time)")" 'Ann Lee4000 Bo Ray5000 Ann Lee2000 Bo Ray-5000'

# ---- archives of one export, JSON ---------------------------------------------------------
"$venv/bin/python" - <<'PY'
import zipfile
with zipfile.ZipFile("one.zip", "w") as z:
    z.write("gbk.csv", "orders/gbk.csv")
    z.writestr("readme.md", "nothing")
with zipfile.ZipFile("two.zip", "w") as z:
    z.write("gbk.csv", "a.csv")
    z.write("utf8.csv", "b.csv")
with zipfile.ZipFile("none.zip", "w") as z:
    z.writestr("readme.md", "nothing")
with zipfile.ZipFile("sheet.zip", "w") as z:
    z.write("book.xlsx", "book.xlsx")
open("objects.json", "w").write('{"count": 2, "orders": [{"order": 1930679858170647001, "customer": {"email": "a@x.com"}, "date": "2025-03-04", "total": 10.50, "tags": ["x"], "paid": true},\n'
                                ' {"order": 1930679858170647002, "customer": {"email": "b@x.com"}, "date": "2025-03-05", "total": 20, "note": null}]}')
open("lines.jsonl", "w").write('{"order": 1, "customer": "a", "date": "2025-03-04", "total": 10}\n{"order": 2, "customer": "a", "date": "2025-03-05", "total": 0.30}\n')
open("broken.json", "w").write('[{"order": 1,\n')
open("page.pdf", "wb").write(b"%PDF-1.4\n")
PY
for file in one.zip sheet.zip; do
  rm -f b.db
  said=$("$siyu" import -q $file -d b.db) || { echo "$file: $said"; exit 1; }
  has $file "$said" 'out of an archive'
  has $file "$said" '3 orders of 3 customers from 4 rows'
done
rm -f json.db lines.db
"$siyu" import -q objects.json -d json.db --map customer=customer.email >said.txt
is objects.json "$(ask json.db "SELECT group_concat(order_id || customer || amount, ' ') FROM orders")" '1930679858170647001a@x.com1050 1930679858170647002b@x.com2000'
"$siyu" import -q lines.jsonl -d lines.db >said.txt
is lines.jsonl "$(ask lines.db "SELECT group_concat(order_id || customer || amount, ' ') FROM orders")" '1a1000 2a30'
for file in 'two.zip is an archive of 2 exports' 'none.zip is an archive of no export' 'broken.json is no JSON' 'page.pdf is no table'; do
  said=$("$siyu" import ${file%% *} -d no.db 2>&1) && { echo "$file: $said"; exit 1; }
  has "$file" "$said" "$file"
done
[ -z "$(ls -d "${TMPDIR:-/tmp}"/siyu-unpacked-* 2>/dev/null)" ] || { echo "an archive's files stay behind"; exit 1; }

# ---- Latin letters are not taken for Chinese --------------------------------------------
printf 'Order;Customer;Amount;Date\n1;J\xfcrgen M\xf6ller;1.234,50;2024-03-02\n2;Zo\xeb;5,00;2024-03-03\n' >latin.csv
"$siyu" import -q latin.csv -d latin.db >said.txt
is latin.csv "$(ask latin.db "SELECT group_concat(customer || amount, ' ') FROM orders")" 'Jürgen Möller123450 Zoë500'

# ---- titles, headers of two lines, files that were cut -----------------------------------
printf '店铺\n\nnr,who,when,sum\n1,ann,2024-03-02,10\n' >unknown.csv
"$siyu" import -q unknown.csv -d unknown.db --map customer=who --map time=when --map amount=sum >said.txt
has unknown.csv "$(cat said.txt)" '1 line above the header left out'
is unknown.csv "$(ask unknown.db 'SELECT amount FROM orders')" 1000
printf '单据,,,,,\n流水号,日期,会员,,金额,\n,,会员号,姓名,商品总额,实收金额\n1,2024-03-02,V1,张,10,9\n总计,,,,10,9\n' >two.csv
"$siyu" import -q two.csv -d two.db >said.txt
has two.csv "$(cat said.txt)" 'the header has two lines; 1 line above'
is two.csv "$(ask two.db "SELECT group_concat(customer || amount, ' ') FROM orders")" V1900
printf '订单号,买家ID,实付金额,付款时间\n1,a,100.00,2024-03-02\n2,b,12' >cut.csv
"$siyu" import -q cut.csv -d cut.db >said.txt
has cut.csv "$(cat said.txt)" 'the file is cut: its last line has 3 of 4 cells and is left out'
is cut.csv "$(ask cut.db "SELECT group_concat(customer || amount, ' ') FROM orders")" a10000
printf '订单号,买家ID,付款时间,实付金额,备注\n1,a,2024-03-02,100.00\n2,b,2024-03-03,12.00' >short.csv
"$siyu" import -q short.csv -d short.db >said.txt
is short.csv "$(ask short.db "SELECT group_concat(customer || amount, ' ') FROM orders")" 'a10000 b1200'
printf '店铺\n订单号,买家ID,付款时间,实付金额\n1,a,2024-03-02,100.00\n' >title.csv
"$siyu" import -q title.csv -d title.db --map customer=null --map amount=实付金额 >said.txt
is title.csv "$(ask title.db "SELECT amount || coalesce(customer, '-') FROM orders")" 10000-

printf '订单号,买家ID,商品,付款时间,实付金额\n1,a,霜,2025-03-04,100.00\n2,b,"屏幕 5,2025-03-05,250.00\n3,c,霜,2025-03-06,50.00\n4,d,"霜",2025-03-07,10.00\n' >quote.csv
said=$("$siyu" import -q quote.csv -d quote.db 2>&1) && { echo "lines inside a quote were lost"; exit 1; }
has quote.csv "$said" 'the quote in line 3 is not closed'
printf '订单号,买家ID,商品,付款时间,实付金额\n1,a,"两\n行, 5"" 屏",2025-03-04,100.00\n2,b,"小红"的店,2025-03-05,250.00\n' >quotes.csv
"$siyu" import -q quotes.csv -d quotes.db >said.txt
is quotes.csv "$(ask quotes.db "SELECT group_concat(customer || amount, ' ') FROM orders")" 'a10000 b25000'

# ---- zones that times carry, orders of nobody ---------------------------------------------
printf 'Name,Email,Financial Status,Paid at,Total\n#1,a@x.com,paid,2025-03-31 22:30:00 -0500,10.00\n#2,,paid,2025-03-30 22:30:00 -0500,20.00\n' >zone.csv
said=$("$siyu" import -q zone.csv -d zone.db)
has zone.csv "$said" 'siyu kpi -d zone.db --tz -05:00'
said=$("$siyu" kpi -d zone.db --tz -05:00 --lang en)
has zone.csv "$said" 'GMV, refunds taken off *30.00'
has zone.csv "$said" '1 orders have no customer'
is zone.csv "$("$siyu" kpi -d zone.db --format json | "$venv/bin/python" -c 'import json, sys; print([r["value"] for r in json.load(sys.stdin) if r["figure"] == "gmv"])')" '[10.0]'
is utf8.csv "$("$siyu" import -q utf8.csv -d utc.db | grep -c -- --tz)" 0

# ---- what is asked, and the option that answers it ----------------------------------------
printf 'nr,who,when,sum\n1,ann,05/01/2024,10\n2,bo,06/02/2024,20\n' >asks.csv
said=$("$siyu" import -q asks.csv -d asks.db 2>&1) && { echo "imported without asking"; exit 1; }
has asks.csv "$said" -- '--map '
said=$("$siyu" import -q asks.csv -d asks.db --map customer=who --map time=when --map amount=sum 2>&1) && exit 1
has asks.csv "$said" '--map day_order=dmy'
"$siyu" import -q asks.csv -d asks.db --map customer=who --map time=when --map amount=sum --map day_order=dmy >said.txt
is asks.csv "$(ask asks.db 'SELECT group_concat(time) FROM orders')" 2024-01-05,2024-02-06
said=$("$siyu" import -q asks.csv -d zh.db --lang zh --map customer=who --map time=when --map amount=sum 2>&1) && exit 1
has "asks.csv in Chinese" "$said" '^没有导入：when 列日与月的先后无法确定.*加 --map day_order=dmy'
has "Chinese" "$("$siyu" import utf8.csv -d zh.db --lang zh)" '共 4 行：3 位客户的 3 笔订单，支付 1439.50，退款 20.00'
has "next, in Chinese" "$("$siyu" import -q utf8.csv -d zh.db --lang zh)" '^接下来：  siyu kpi -d zh.db --lang zh      siyu report zh.db -o report.html --lang zh$'
is check "$("$siyu" import --check utf8.csv -d check.db >said.txt; ask check.db "SELECT count(*) FROM sqlite_master WHERE name = 'orders'")" 0
for bad in "nothing.csv" "--map customer utf8.csv" "--encoding klingon utf8.csv" "--sheet none book.xlsx"; do
  # shellcheck disable=SC2086
  said=$("$siyu" import -d bad.db $bad 2>&1) && { echo "no failure: $bad"; exit 1; }
  has "$bad" "$said" '^siyu: '
done

# ---- what cannot be done says so in one line, and leaves nothing behind ---------------------
fails() {                                          # what it says, then the command
  wanted=$1
  shift
  said=$("$siyu" "$@" 2>&1 </dev/null) && { echo "no failure: $*"; exit 1; }
  has "$*" "$said" "$wanted"
  if printf '%s\n' "$said" | grep -q Traceback; then echo "$*: $said"; exit 1; fi
}
printf 'no database, and longer than its head would be' >text.html
fails '^siyu: cannot read the file nothing.csv$' import nothing.csv -d none.db
fails '^siyu: cannot read the file none$' import utf8.csv none -d none.db
fails '^Not imported: no column is known to be the amount' import text.html -d none.db
[ ! -e none.db ] || { echo "a database of nothing"; exit 1; }
fails '^siyu: text.html: file is not a database$' import utf8.csv -d text.html
fails '^siyu: text.html: file is not a database$' kpi -d text.html
fails '^siyu: text.html: file is not a database$' report text.html -o out.html
fails '^siyu: there is no database none.db: siyu import FILE -d none.db makes one$' kpi -d none.db
fails '^siyu: there is no database none.db: siyu import FILE -d none.db makes one$' report none.db -o out.html
for command in "kpi -d b.db" "report b.db -o out.html"; do
  # shellcheck disable=SC2086
  fails "^siyu: .*as_of 'yesterday' is no time" $command --as-of yesterday
  # shellcheck disable=SC2086
  fails "^siyu: .*tz 'Mars' is no zone" $command --tz Mars
done
before=$(sha256sum <b.db)
fails '^siyu: -o b.db is a database' report b.db -o b.db
[ "$before" = "$(sha256sum <b.db)" ]
fails '^siyu: cannot write none/out.html: there is no folder none$' report b.db -o none/out.html
fails '^siyu: cannot write /: it is a folder$' report b.db -o /
[ ! -e out.html ]
fails '^siyu: there is a file b.db already' demo -d b.db
fails '^siyu: --customers 0: at least 1$' demo -d new.db --customers 0
fails '^siyu: cannot open none/new.db: ' demo -d none/new.db --customers 10
fails 'no such column: absent' shell b.db 'SELECT absent FROM orders'
is "status of a wrong option" "$("$siyu" kpi --format yaml >said.txt 2>&1; echo $?)" 2
for command in import kpi report demo shell; do has "$command --help" "$("$siyu" $command --help)" '^usage: siyu '; done

# ---- the figures are the extension's --------------------------------------------------
rm -f b.db
"$siyu" import -q utf8.csv -d b.db >said.txt
has kpi "$("$siyu" kpi -d b.db --lang zh)" '成交总额.* 1,419.50'
has kpi "$("$siyu" kpi -d b.db --lang en)" 'money refunded.* 20.00'
"$siyu" kpi -d b.db --as-of 2024-03-06 --format json >kpi.json
"$siyu" kpi -d b.db --as-of 2024-03-06 --format csv >kpi.csv
"$venv/bin/python" - <<'PY'
import csv, json, siyu
sql = list(siyu.connect("b.db").execute("SELECT figure, value, status FROM siyu_kpi WHERE as_of = '2024-03-06'"))
rows = json.load(open("kpi.json"))
assert [(r["figure"], r["value"], r["status"]) for r in rows] == sql, rows[0]
assert [r["figure"] for r in csv.DictReader(open("kpi.csv"))] == [f for f, _, _ in sql]
assert {r["figure"]: r["value"] for r in rows}["gmv"] == 1280.5 + 99 - 20
PY

# ---- the demo counts as make demo does: closed orders are none ------------------------
"$siyu" demo -d brand.db --customers 300 >said.txt
is "demo's orders" "$(sed -n 's/^brand.db: 300 customers, \([0-9]*\) orders, .*/\1/p' said.txt)" \
  "$(ask brand.db "SELECT count(*) FROM orders WHERE amount >= 0 AND status <> '交易关闭'")"

# ---- the shell, and Python's own where sqlite3 loads nothing --------------------------
has shell "$("$siyu" shell b.db 'SELECT gmv(amount) AS g FROM orders' </dev/null)" '^141950'
has "own shell" "$(printf 'SELECT gmv(amount)\n AS g FROM orders;\n' | SQLITE3=/bin/false "$siyu" shell b.db)" '^141950'
is "own shell, two statements" "$(SQLITE3=/bin/false "$siyu" shell b.db "SELECT 1 AS a; SELECT ';' AS b" | grep -v '─' | tr -s '\n' ' ')" 'a 1 b ; '
if SQLITE3=/bin/false "$siyu" shell b.db 'SELECT absent FROM orders' >said.txt 2>&1; then exit 1; fi
has "own shell, an error" "$(cat said.txt)" '^siyu: no such column: absent$'
echo "command line: 22 files, 5 questions, figures, shell"
