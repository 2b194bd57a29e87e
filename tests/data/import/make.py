#!/usr/bin/env python3
"""Makes the spreadsheets of this folder with LibreOffice: flat ODF in, .xlsx and .csv out. Run by hand; the results are
committed, so that the tests need no LibreOffice. All people in them are made up."""
import pathlib
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent
NS = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
      'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
      'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
      'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
      'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" '
      'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"')
STYLES = """<office:automatic-styles>
<number:date-style style:name="N1"><number:year number:style="long"/><number:text>年</number:text><number:month/>
<number:text>月</number:text><number:day/><number:text>日</number:text></number:date-style>
<number:number-style style:name="N2"><number:scientific-number number:decimal-places="2" number:min-integer-digits="1"
 number:min-exponent-digits="2"/></number:number-style>
<style:style style:name="date" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="sci" style:family="table-cell" style:data-style-name="N2"/>
</office:automatic-styles>"""


class Num(float):
    """A number, shown with an exponent: how phone numbers look in too narrow a column."""


class Date(str):
    """A real date cell."""


class Merge(str):
    """A text over several columns and rows."""
    def __new__(cls, text, columns=1, rows=1):
        self = str.__new__(cls, text)
        self.span = (columns, rows)
        return self


def cell(v):
    if v is None or v == "":
        return "<table:table-cell/>"
    if v == "~":
        return "<table:covered-table-cell/>"
    if isinstance(v, Date):
        return (f'<table:table-cell table:style-name="date" office:value-type="date" '
                f'office:date-value="{v}"/>')
    if isinstance(v, (int, float)):
        style = ' table:style-name="sci"' if isinstance(v, Num) else ""
        return f'<table:table-cell{style} office:value-type="float" office:value="{int(v) if v == int(v) else v}"/>'
    if v.startswith("="):
        formula = escape(v, {'"': "&quot;"})
        return f'<table:table-cell table:formula="of:{formula}"/>'
    span = ""
    if isinstance(v, Merge):
        span = f' table:number-columns-spanned="{v.span[0]}" table:number-rows-spanned="{v.span[1]}"'
    return (f'<table:table-cell{span} office:value-type="string"><text:p>{escape(v)}</text:p>'
            '</table:table-cell>')


def sheet(name, rows):
    out = [f'<table:table table:name="{name}">']
    for row in rows:
        hidden = ""
        if row and row[0] == "#hidden":
            hidden, row = ' table:visibility="filter"', row[1:]
        out.append(f"<table:table-row{hidden}>" + "".join(cell(v) for v in row or [None]) +
                   "</table:table-row>")
    out.append("</table:table>")
    return "".join(out)


def document(sheets, null_date=None):
    settings = ""
    if null_date:
        settings = (f'<table:calculation-settings><table:null-date table:date-value="{null_date}"/>'
                    '</table:calculation-settings>')
    return (f'<?xml version="1.0" encoding="UTF-8"?><office:document {NS} office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
            f"{STYLES}<office:body><office:spreadsheet>{settings}"
            + "".join(sheet(n, r) for n, r in sheets) + "</office:spreadsheet></office:body></office:document>")


def convert(name, text, to):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / (name + ".fods")
        source.write_text(text, encoding="utf-8")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                        "--convert-to", to, "--outdir", folder, str(source)], check=True,
                       stdout=subprocess.DEVNULL)
        suffix = to.split(":")[0]
        made = (pathlib.Path(folder) / f"{name}.{suffix}").read_bytes()
        (HERE / f"{name}.{suffix}").write_bytes(made)
        print(f"{name}.{suffix}: {len(made)} bytes")


def csv(separator, charset):
    return f"csv:Text - txt - csv (StarCalc):{ord(separator)},34,{charset}"


UTF8, GB18030 = 76, 85
HEAD = ["序号", "楼栋", "单元", "房号", "户主姓名", "联系电话", "常住人数", "透析", "独居老人", "登记日期", "有效期至"]
HOMES = [
    [1, Merge("1幢", 1, 3), "1单元", 101, "示例甲", Num(13900000001), 3, "否", "否", Date("2026-03-01"), ""],
    [2, "~", "1", "２０１", "示例乙", "139 0000 0002", "2人", "是", "", Date("2026-03-02"), Date("2027-03-01")],
    [3, "~", "1", "301室", "示例丙", "+86 139-0000-0003", 1, "", "√", "2026年3月5日", "2027/6/30"],
    [],
    ["#hidden", 4, "1幢", "1", "302", "示例丁", 13900000004, 4, "", "", "", ""],
    [5, "二号楼", "1", "101", "示例戊", "０５８０-５０８１２３４", "４", "无", "无", "", ""],
]
PLAIN = [["地址", "姓名", "手机号", "人口"],
         ["1-1-101", "示例甲", "13900000001", "3"],
         ["1幢1单元201", "示例乙, 住二楼", "13900000002", "2"],
         ["二号楼1单元101室", "示例“戊”", "0580-5081234", "4"]]
FAULTY = [["地址", "姓名", "电话", "人数", "透析", "有效期至"],
          ["1-1-101", "示例甲", "13900000001", "3", "是", "2027-01-01"],
          [Date("2010-01-02"), "示例乙", "13900000002", "2", "", ""],
          ["1-1-9x9-2", "示例丙", "1390000000", "2", "", ""],
          ["99-1-101", "示例丁", "13900000004", "两人以上", "也许", ""],
          ["1-1-101", "示例戊", "13900000005", "1", "", ""],
          ["1-1-201", "示例己", "=1/0", "120", "", "明年"],
          ["", "示例庚", "13900000007", "1", "", ""],
          ["1-1-301", "=HYPERLINK(\"http://x\";\"y\")", "13900000008", "1", "", ""]]
PLACES = [[Merge("某社区房屋台账（示例）", 9, 1)] + ["~"] * 8,
          ["网格", "最小单元", "楼栋", "楼名", "层数", "单元", "每层户数", "纬度", "经度"],
          [Merge("1号网格", 1, 3), "1号单元", "1", "海棠苑1幢", 6, 1, 2, 30.7251, 122.4512],
          ["~", "1号单元", "1", "海棠苑1幢", 6, 2, 2, 30.7251, 122.4512],
          ["~", "2号单元", "二号楼", "海棠苑2幢", 5, 1, 2, 30.7255, 122.4519],
          ["2号网格", "3号单元", "A座", "", 11, 1, 4, "", ""]]
POSTS = [["姓名", "电话", "岗位", "网格", "最小单元", "是否副职"],
         ["示例组长", 13900000101, "单元组长", "", "1号单元", ""],
         ["示例副组长", "13900000102", "组长", "", "1号单元", "是"],
         ["示例网格长", "13900000103", "网格员", "1号网格", "", ""],
         ["示例物业", "13900000104", "物业", "", "1号单元", "否"],
         ["示例物业", "13900000104", "物业", "", "2号单元", "否"]]
VOLUNTEERS = [["Name", "Mobile", "Address"],
              ["Sample One", 13900000201, "1-1-101"],
              ["Sample Two", "+86 13900000202", "1-2-101"],
              ["Sample Three", "13900000203", "2-1-101"]]
ENGLISH = [["Household list (sample)", "", "", ""],
           ["Building", "Stair", "Door", "Contact name", "Phone", "Residents", "Needs", "Valid until"],
           ["1", "1", "101", "Sample A", 13900000001, 3, "dialysis, pet", Date("2027-05-31")],
           ["1", "1", "102", "Sample B", "13900000009", 2, "none", ""]]


def main():
    title = [Merge("某社区住户登记表（示例数据）", 11, 1)] + ["~"] * 10
    note = [Merge("填表日期：2026年4月　填表人：示例", 11, 1)] + ["~"] * 10
    convert("households-merged", document([("填写说明", [["本表由网格员填写"], ["人物均为虚构"]]),
                                           ("住户", [title, note, HEAD] + HOMES)]), "xlsx")
    convert("households-1904", document([("住户", [HEAD] + HOMES)], "1904-01-01"), "xlsx")
    convert("households-faulty", document([("住户", FAULTY)]), "xlsx")
    convert("households-english", document([("Households", ENGLISH)]), "xlsx")
    convert("households-utf8", document([("a", PLAIN)]), csv(",", UTF8))
    convert("households-gb18030", document([("a", PLAIN)]), csv(",", GB18030))
    convert("households-semicolon", document([("a", PLAIN)]), csv(";", UTF8))
    convert("households-tab", document([("a", PLAIN)]), csv("\t", GB18030))
    convert("places", document([("房屋", PLACES)]), "xlsx")
    convert("posts", document([("岗位", POSTS)]), "xlsx")
    convert("volunteers", document([("Volunteers", VOLUNTEERS)]), "xlsx")
    utf8 = (HERE / "households-utf8.csv").read_bytes()
    (HERE / "households-bom.csv").write_bytes(b"\xef\xbb\xbf" + utf8)
    (HERE / "households-utf16.csv").write_bytes(b"\xff\xfe" + utf8.decode().replace(",", "\t", 0).encode("utf-16-le"))
    return 0


sys.exit(main())
