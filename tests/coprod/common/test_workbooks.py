import datetime

import openpyxl
import pytest
from openpyxl.comments import Comment

from coprod.common.sheets import Row, Sheet, read
from tests.helpers.sheet_files import (
    DAMAGED,
    NOT_A_SHEET,
    PROTECTED,
    cells,
    ods_cell,
    ods_of,
    ods_row,
    ods_table,
    refusal,
    relations,
    xlsx,
    xlsx_book,
    xlsx_of,
    xlsx_parts,
    zipped,
)


class TestXlsx:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (7, "7"),
            (7.0, "7"),
            (-0.0, "0"),
            (2.5, "2.5"),
            (0.1 + 0.2, "0.3"),
            (442890123456, "442890123456"),
            (1e300, "1e+300"),
            (True, "TRUE"),
            (False, "FALSE"),
            ("Anna", "Anna"),
            ("007", "007"),
            ("#REF!", "#REF!"),
            ("line\none", "line one"),
            ("carriage_x000D_\nreturn", "carriage return"),
            (datetime.date(2026, 11, 30), "2026-11-30"),
            (datetime.datetime.fromisoformat("2026-11-30 09:30"), "2026-11-30 09:30"),
            (datetime.time(9, 30), "09:30"),
            (datetime.time(9, 30, 15), "09:30:15"),
            (datetime.timedelta(hours=26), "26:00"),
        ],
    )
    def test_a_cell_is_what_a_person_reads(self, value, shown):
        assert cells(read(xlsx([[value, "x"]]))) == [(shown, "x")]

    @pytest.mark.parametrize(
        ("format", "shown"),
        [
            ("dd/mm/yyyy", "2026-11-30"),
            ("[$-809]d mmmm yyyy", "2026-11-30"),
            ("General", "46356"),
            ('0.0 "days"', "46356"),
            (r"0 \d\a\y\s", "46356"),
            ("[Red]0", "46356"),
            ("[h]:mm", "1112544:00"),
            ("0%", "4635600%"),
            ("0.0%;[Red]-0.0%", "4635600%"),
            ('0" % of all"', "46356"),
            ("@", "46356"),
        ],
    )
    def test_a_number_is_a_date_where_its_format_says_so(self, format, shown):
        assert cells(read(xlsx([[46356]], A1=format))) == [(shown,)]

    @pytest.mark.parametrize("number", [-1, 1e300])
    def test_a_date_that_the_calendar_does_not_have_stays_a_number(self, number):
        assert cells(read(xlsx([[number]], A1="yyyy"))) == [(f"{number:.15g}",)]

    def test_days_may_be_counted_from_1904(self):
        book = openpyxl.Workbook()
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active.append([datetime.date(2026, 11, 30)])
        assert cells(read(xlsx_book(book))) == [("2026-11-30",)]

    def test_a_formula_gives_what_was_stored_and_is_never_computed(self):
        rows = (
            '<row><c><f>1+1</f><v>3</v></c><c><f>1+1</f></c><c t="str"><f>A1</f><v>Anna</v></c>'
            '<c t="e"><f>A1</f><v>#N/A</v></c></row>'
        )
        assert cells(read(xlsx_of(rows))) == [("3", "", "Anna", "#N/A")]

    def test_cells_and_rows_need_not_say_where_they_stand(self):
        rows = '<row><c t="d"><v>2026-11-30</v></c></row><row r="7"><c r="AB7"><v>1</v></c><c><v>x</v></c></row><row/>'
        assert read(xlsx_of(rows)) == Sheet((Row(1, ("2026-11-30",)), Row(7, ("",) * 27 + ("1", "x"))))

    def test_shared_and_inline_text_is_read_without_how_it_is_pronounced(self):
        strings = "<sst><si><t>x</t></si><si><r><t>An</t></r><r><t>na</t></r><rPh><t>ann</t></rPh></si></sst>"
        rows = '<row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>Ben</t></is></c><c t="s"/></row>'
        assert cells(read(xlsx_of(rows, strings=strings))) == [("Anna", "Ben")]

    def test_the_first_of_several_sheets_is_read_with_a_warning(self):
        book = openpyxl.Workbook()
        book.active.title = "Lists"
        book.active.sheet_state = "hidden"
        book.create_chartsheet("Chart")
        for title in ("Members", "Old", "Older"):
            book.create_sheet(title).append([f"x {title}"])
        assert read(xlsx_book(book)) == Sheet(
            (Row(1, ("x Members",)),), ("The file has 3 sheets. Only the first one, “Members”, was read.",)
        )

    def test_comments_and_what_the_sheet_says_of_its_size_are_passed_over(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "Anna"
        book.active["A1"].comment = Comment("Not to be read", "Ben")
        assert cells(read(xlsx_book(book))) == [("Anna",)]
        lie = '<dimension ref="A1:XFD1048576"/>'
        assert cells(read(xlsx_of(f"{lie}<row><c><v>1</v></c></row>"))) == [("1",)]

    def test_a_workbook_may_have_neither_styles_nor_shared_text(self):
        parts = xlsx_parts('<row><c s="9"><v>1</v></c></row>')
        parts["xl/_rels/workbook.xml.rels"] = relations(("worksheet", "worksheets/sheet1.xml"))
        assert cells(read(zipped(parts))) == [("1",)]

    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="x"/>',
            '<row r="-1"/>',
            '<row r="9999999999"/>',
            '<row><c r="7"/></row>',
            '<row><c t="s"><v>0</v></c></row>',
            '<row><c t="s"><v>x</v></c></row>',
            '<row><c s="x"><v>1</v></c></row>',
            "<row>",
            "&laugh;",
        ],
    )
    def test_what_no_program_writes_is_damaged(self, rows):
        assert refusal(xlsx_of(rows)) == DAMAGED

    @pytest.mark.parametrize("missing", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
    def test_a_missing_part_is_damage(self, missing):
        parts = xlsx_parts("<row/>")
        del parts[missing]
        assert refusal(zipped(parts)) == DAMAGED

    def test_a_workbook_without_a_sheet_is_damaged(self):
        assert refusal(xlsx_of("", book="<workbook><sheets><sheet/></sheets></workbook>")) == DAMAGED

    @pytest.mark.parametrize(
        "start",
        [
            relations(),
            relations(("officeDocument", "xl/styles.xml")),
            relations(("officeDocument", "xl/workbook.bin")),
        ],
    )
    def test_what_is_packed_alike_but_no_workbook_is_refused(self, start):
        assert refusal(zipped({**xlsx_parts(""), "_rels/.rels": start})) == NOT_A_SHEET


class TestOds:
    @pytest.mark.parametrize(
        ("cell", "shown"),
        [
            (ods_cell("7.00", value_type="float", value="7"), "7"),
            (ods_cell("50%", value_type="percentage", value="0.5"), "50%"),
            (ods_cell("half", value_type="percentage"), "half"),
            (ods_cell("£7.50", value_type="currency", value="7.5"), "7.5"),
            (ods_cell("x", value_type="float", value="x"), "x"),
            (ods_cell("30/11/26", value_type="date", date_value="2026-11-30"), "2026-11-30"),
            (ods_cell("9:30", value_type="date", date_value="2026-11-30T09:30:00"), "2026-11-30 09:30"),
            (ods_cell("?", value_type="date", date_value="-44-03-15"), "-44-03-15"),
            (ods_cell("9:30", value_type="time", time_value="PT09H30M00S"), "09:30"),
            (ods_cell("26:00", value_type="time", time_value="PT26H00M00.5S"), "26:00"),
            (ods_cell("?", value_type="time", time_value="P1D"), "P1D"),
            (ods_cell("wahr", value_type="boolean", boolean_value="true"), "TRUE"),
            (ods_cell("Anna", value_type="string"), "Anna"),
            (ods_cell("A.", value_type="string", string_value="Anna"), "Anna"),
            (ods_cell("#REF!", value_type="string", string_value=""), "#REF!"),
            ("<table:covered-table-cell/>", ""),
            (
                "<table:table-cell><text:p>An<text:span>na</text:span></text:p><text:p>B</text:p></table:table-cell>",
                "Anna B",
            ),
            ('<table:table-cell><text:p>A<text:s text:c="99999999"/>B</text:p></table:table-cell>', "A B"),
            ("<table:table-cell><draw:frame><text:p>y</text:p></draw:frame><text:p>A</text:p></table:table-cell>", "A"),
        ],
    )
    def test_a_cell_is_what_a_person_reads(self, cell, shown):
        assert cells(read(ods_of(ods_table(ods_row(cell, ods_cell("x")))))) == [(shown, "x")]

    def test_comments_are_passed_over(self):
        comment = "<office:annotation><text:p>Not to be<text:s/>read</text:p></office:annotation>"
        cell = f"<table:table-cell>{comment}<text:p>Anna</text:p></table:table-cell>"
        assert cells(read(ods_of(ods_table(ods_row(cell))))) == [("Anna",)]

    def test_repeated_cells_and_rows_are_written_out(self):
        rows = ods_row(ods_cell(times=2), ods_cell("x", times=3), ods_cell(times=9999)) + ods_row(times=5)
        rows += ods_row(ods_cell("y"), times=2)
        assert read(ods_of(ods_table(rows))) == Sheet((Row(1, ("", "", "x", "x", "x")), Row(7, ("y",)), Row(8, ("y",))))

    def test_the_first_of_several_sheets_is_read_with_a_warning(self):
        hidden = (
            '<office:automatic-styles><style:style style:name="ta1"><style:table-properties table:display="true"/>'
            '</style:style><style:style style:name="ta2"><style:table-properties table:display="false"/>'
            "</style:style></office:automatic-styles>"
        )
        sheets = "".join(
            ods_table(ods_row(ods_cell(f"x {name}")), name=name, style=style)
            for name, style in [("Lists", "ta2"), ("Members", "ta1"), ("Old", "ta1")]
        )
        linked = f"<table:dde-links><table:dde-link>{ods_table('')}</table:dde-link></table:dde-links>"
        assert read(ods_of(sheets + linked, before=hidden)) == Sheet(
            (Row(1, ("x Members",)),), ("The file has 2 sheets. Only the first one, “Members”, was read.",)
        )

    def test_a_text_document_is_refused(self):
        assert refusal(ods_of(ods_table(ods_row(ods_cell("x"))), kind="text")) == NOT_A_SHEET

    def test_a_password_is_refused(self):
        manifest = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
        assert refusal(ods_of("", **manifest)) == PROTECTED

    def test_a_manifest_without_a_password_is_nothing_to_mind(self):
        manifest = {"META-INF/manifest.xml": "<manifest:manifest/>"}
        assert cells(read(ods_of(ods_table(ods_row(ods_cell("x"))), **manifest))) == [("x",)]

    def test_a_number_that_is_none_is_damage(self):
        assert refusal(ods_of(ods_table('<table:table-row table:number-rows-repeated="x"/>'))) == DAMAGED
