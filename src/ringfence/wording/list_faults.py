"""What is wrong with a list or one of its rows, and what to do: a sentence for each code of `lists.faults`.

How an option of the command line helps is said there, not here.
"""

from collections.abc import Mapping, Sequence
from functools import reduce

from ringfence.core.refusals import Problem

from .refusals import problem_text
from .saying import LazyText
from .saying import gettext_lazy as _

FAULTS: dict[str, LazyText] = {
    "not_readable": _("The file cannot be read (%(reason)s). Check its name and whether you may open it."),
    "empty_file": _("The file is empty. Export the list again and check it in an editor."),
    "file_too_large": _("The file is larger than %(limit)s MB. Split the list into several files."),
    "lists_at_work": _("%(limit)s of your lists are being worked on. Wait until one of them is done."),
    "too_many_lists": _(
        "No more than %(limit)s lists may be on their way in. Save some of them, or take them back, first."
    ),
    "list_too_large": _(
        "The list is too large: it has more than %(limit)s cells, or very long texts. Remove the columns "
        "that are not needed, or split it into several files."
    ),
    "not_a_list": _("This is %(what)s, not a list. Save the list as CSV (UTF-8), XLSX or ODS and try again."),
    "other_spreadsheet": _(
        "This is %(what)s, which cannot be read yet. Open it in a spreadsheet program, save it as XLSX, ODS "
        "or CSV (UTF-8), and import that."
    ),
    "password": _("The workbook is protected by a password. Save a copy without the password."),
    "damaged": _("The workbook is damaged. Open it in a spreadsheet program, save it again and retry."),
    "unpacks_too_large": _(
        "A part of the workbook (%(part)s) unpacks to more than %(limit)s MB. Remove what is not the list, "
        "or save the list as CSV (UTF-8)."
    ),
    "far_cell": _(
        "Something stands in cell %(cell)s, far beyond the list. Delete it, or save the list as CSV (UTF-8)."
    ),
    "repeated_row": _(
        "The row is filled down %(count)s times. Delete what stands below the list, and save the workbook."
    ),
    "no_such_sheet": _("There is no visible worksheet called “%(sheet)s”. Choose one of these: %(sheets)s."),
    "no_list_in_workbook": _("The workbook holds no list. Put the list on a visible worksheet."),
    "no_sheets_in_text": _("A text file has no worksheets. Leave the name of the worksheet out."),
    "only_for_text": _(
        "Only a text file has an encoding and a separator, and this is a workbook. Leave them out."
    ),
    "no_such_encoding": _(
        "There is no encoding “%(encoding)s”. Name one such as utf-8, windows-1252 or macintosh."
    ),
    "no_such_separator": _(
        "“%(separator)s” cannot separate cells. Name comma, semicolon or tab, or a single character."
    ),
    "no_text": _("The file holds no text. Check that the list is in it."),
    "too_many_columns": _(
        "The row has %(count)s columns; the limit is %(limit)s. Remove the columns that are not needed."
    ),
    "cell_too_long": _(
        "A cell holds %(count)s characters; the limit is %(limit)s. Shorten it, or look for a quotation mark "
        "that is never closed."
    ),
    "not_csv": _(
        "The row cannot be read as CSV (%(reason)s). Close the quotation mark that starts here, and write "
        "one inside a cell as two."
    ),
    "nul_character": _(
        "There is a NUL character: this is not a text file, or it is damaged. Save it as CSV (UTF-8)."
    ),
    "undecoded": _(
        "A character is neither valid %(encoding)s nor in one encoding with the rest. Save the file as CSV "
        "(UTF-8)."
    ),
    "file_changed": _(
        "The file was changed while it was read: whoever writes it has not finished. Give it again when it "
        "is whole."
    ),
    "empty_whole_list": _(
        "The list names nothing, and an empty list is never taken for all that the firm has. Export it again."
    ),
    "nothing_of_service": _(
        "No row of the list gives a [client] the service %(service)s, so it is not taken for all of them. "
        "Name another service, or export the list again."
    ),
    "scope_of_clients": _("Only a list of [clients] can be about one service. Leave the service out."),
    "no_such_shape": _(
        "No such list is known as “%(shape)s”, or it does not have these columns. Choose one of these: "
        "%(shapes)s."
    ),
    "unsure_encoding": _(
        "Several encodings are possible: %(encodings)s. Say which of them is right, or save the file as CSV "
        "(UTF-8)."
    ),
    "unsure_separator": _(
        "Several signs could stand between the cells: %(separators)s. Say which of them it is."
    ),
    "no_table": _("The web page holds no table. Open the list in a spreadsheet program and save it as XLSX."),
    "too_many_tables": _(
        "The web page holds more than %(limit)s tables. Put the list into one table, or save it as XLSX."
    ),
    "too_many_sheets": _(
        "The list is on none of the first %(limit)s worksheets. Move its worksheet to the front."
    ),
    "too_deep": _(
        "Elements are nested more than %(limit)s deep. Open the file in a spreadsheet program and save it as "
        "XLSX."
    ),
    "maps_nothing": _("“%(told)s” says of no column what it is. Name a header and a field."),
    "mapped_twice": _("“%(header)s” is told to be two things. Leave one of them out."),
    "no_such_header": _(
        "There is no column “%(header)s”, which is to be the %(field)s. The headers are: %(headers)s."
    ),
    "no_such_field": _("There is no field “%(told)s”. Choose one of these: %(fields)s."),
    "same_header_twice": _(
        "“%(header)s” stands above columns %(one)s and %(other)s, and only one can be the %(field)s. Rename "
        "or delete one of the two columns in the file."
    ),
    "two_columns": _(
        "“%(header)s” and “%(second)s” (columns %(one)s and %(other)s) are both the %(field)s. Rename one of "
        "the headers, or leave one of the columns out."
    ),
    "no_column": _(
        "There is no column for the %(field)s. The headers are: %(headers)s. Say which of them is meant."
    ),
    "no_header_row": _(
        "Row %(number)s cannot be the header. The first rows that hold anything are: %(numbers)s. Choose one "
        "of them."
    ),
    "too_long": _("It has %(count)s characters; the limit is %(limit)s. Shorten it."),
    "control_character": _(
        "It holds a line break, tab or other control character. Remove it or type the text anew."
    ),
    "formula": _("It is a spreadsheet formula. Enter its value, or put ' in front to keep it as text."),
    "formula_without_value": _(
        "It is a formula that was never worked out. Open the file in a spreadsheet program, save it, and "
        "import that."
    ),
    "error_cell": _(
        "The cell shows the spreadsheet error %(cell)s. Correct its formula, or enter the value itself."
    ),
    "rounded": _(
        "The spreadsheet took this for a number and rounded it (%(cell)s). Format the column as text and "
        "enter it again."
    ),
    "programs_own": _(
        "The program that wrote the file left a notation of its own here (%(cell)s). Enter the text itself, "
        "or export the list as XLSX."
    ),
    "point_zero": _(
        "“%(cell)s” looks like a whole number that a program wrote with a decimal point. Take away what "
        "stands behind the number, or put ' in front if it belongs there."
    ),
    "date_cell": _(
        "The spreadsheet holds this as a date or a time (%(cell)s). Format the column as text and enter it "
        "again."
    ),
    "switch_cell": _(
        "The spreadsheet holds this as true or false (%(cell)s). Format the column as text and enter it "
        "again."
    ),
    "formatted_number": _(
        "The spreadsheet holds this as the number %(cell)s and shows it otherwise. Format the column as text "
        "and enter it again."
    ),
    "lost_letter": _(
        "“%(text)s” holds the sign that stands for a lost letter. Export the list again, as CSV (UTF-8)."
    ),
    "garbled": _(
        "“%(text)s” looks garbled: the file was saved in another encoding than it is read in. Save it as CSV "
        "(UTF-8), or say which encoding it is in."
    ),
    "not_yes_or_no": _("“%(word)s” is neither yes nor no. Write yes or no."),
    "no_email": _("“%(text)s” is no e-mail address. Write one like name@example.com."),
    "too_many_cells": _(
        "There are %(count)s cells but only %(headers)s headers. Put text that contains the separator "
        "between quotation marks, or remove the surplus separators."
    ),
    "broken_row": _(
        "There are %(count)s cells but %(headers)s headers. Join the row if it is broken over two lines, or "
        "add the missing separators."
    ),
    "below_list": _(
        "This looks like a total or a note below the list. Delete the row, or fill in what it lacks."
    ),
    "missing_reference": _("The client reference is missing. Every [client] needs its own."),
    "reference_twice": _("“%(reference)s” is already in row %(row)s. Keep one of the rows, or correct one."),
    "name_twice": _(
        "“%(name)s”, also without a client reference, is already in row %(row)s. Fill in references."
    ),
    "disagrees": _("Row %(row)s, the same client reference, says “%(value)s”. Make the rows agree."),
    "confidential_disagrees": _(
        "Row %(row)s, the same client reference, says “%(value)s”. Make the rows agree: this decides who may "
        "see the [client]."
    ),
    "tax_reference_alone": _("There is a tax reference but no service. Fill in the service."),
    "service_otherwise": _(
        "Row %(row)s says another tax reference for %(service)s of this [client], “%(reference)s”. Make the "
        "rows agree."
    ),
    "two_tax_references": _("The row gives two tax references for %(service)s. Keep one."),
    "tax_reference_twice": _("“%(reference)s” for %(service)s is already in row %(row)s. Correct one."),
    "missing_email": _(
        "The e-mail address is missing, and there is no external id. [Members] are found by one of them."
    ),
    "email_twice": _("“%(email)s” is already in row %(row)s. Keep one of the rows."),
    "external_twice": _("The external id “%(external)s” is already in row %(row)s. Keep one of the rows."),
    "no_role": _("“%(word)s” is no role. Write one of these: %(roles)s."),
    "auditor_permissions": _("An auditor has neither permission. Write no, or change the role."),
    "missing_client": _("The client reference is missing. Say which [client] is meant."),
    "missing_group": _("The [group] is missing. Fill it in."),
    "missing_member": _("The [member] is missing. Fill in an e-mail address or a name."),
    "group_and_member": _("The row names [a group] and [a member]. Write one row for each."),
    "neither_group_nor_member": _(
        "The row names neither [a group] nor an e-mail address. Fill in one of them."
    ),
    "grant_twice": _("Row %(row)s already gives “%(who)s” access to the same. Keep one of the rows."),
    "place_twice": _("The row says the same as row %(row)s. Keep one of them."),
    "missing_level": _("The level is missing. Write one of these: reader, editor, owner, blocked."),
    "no_level": _("“%(word)s” is no level. Write one of these: reader, editor, owner, blocked."),
    "no_date": _("“%(text)s” is no date. Write it as 2026-12-31 or 31/12/2026 (day first)."),
    "no_fee_split": _("“%(text)s” is no fee split. Write 0 to 100 with at most two decimals."),
    "fraction_or_percentage": _(
        "“%(text)s” could be a fraction or a percentage. Write it with a %% sign, as text."
    ),
    "fee_split_place": _("Only [a member]’s access to a whole [client] has a fee split. Leave it out."),
    "column_of_unknown_service": _(
        "The firm has no service “%(service)s”. Add it, or say that the column is another one or is to be "
        "left out."
    ),
    "unknown_service": _("The firm has no service “%(service)s”. Add it first, or correct its name."),
    "unknown_client": _(
        "The firm has no [client] “%(reference)s”. Import [clients] first, or correct the reference."
    ),
    "unknown_group": _("The firm has no [group] “%(group)s”. Create it first, or correct its name."),
    "unknown_grantee": _(
        "There is no [group] and no active [member] “%(who)s”. Correct the name, write the e-mail address, "
        "or leave the column out."
    ),
    "several_grantees": _(
        "“%(who)s” is the name of more than one. Write the e-mail address of the [member] that is meant."
    ),
    "given_otherwise": _("Row %(row)s gives “%(who)s” another level. Keep one of the two."),
    "unknown_member": _(
        "The firm has no [member] “%(email)s”. Import [members] first, or correct the address."
    ),
    "client_without_service": _(
        "“%(reference)s” has no %(service)s. Add it to the [client] first, or leave the service out."
    ),
    "new_client_without_name": _("“%(reference)s” is a new [client] and has no name. Fill in the name."),
    "new_member_without_name": _("“%(email)s” is a new [member] and has no name. Fill in the name."),
    "member_twice": _(
        "%(who)s is whom this row and row %(row)s are about, one by the external id and one by the e-mail "
        "address. Keep one of the rows."
    ),
    "other_external": _(
        "The [member] with the e-mail address “%(email)s” has the external id “%(external)s”. If it is the "
        "same person, correct the external id here or in the firm; if not, give each their own address."
    ),
    "several_without_reference": _(
        "The firm has %(count)s [clients] called “%(name)s” without a reference. Give each its own first."
    ),
    "one_without_reference": _(
        "The firm has [a client] called “%(name)s” without a client reference. If it is this one, give it "
        "the reference “%(reference)s” first; if not, give it another one."
    ),
    "known_otherwise": _(
        "“%(reference)s” would be a new [client], but the firm knows “%(name)s” as “%(known)s”: a "
        "spreadsheet seems to have changed the reference. Format the column as text and enter it as the "
        "firm has it. If it is another [client], write its name a little differently."
    ),
    "reference_taken": _("The reference “%(reference)s” is taken. Use another one, or ask an administrator."),
    "reference_of_removed": _(
        "“%(reference)s” belongs to [a client] that was removed. Restore that [client], or use another "
        "reference."
    ),
    "tax_reference_taken": _(
        "“%(reference)s” for %(service)s belongs to another [client] of the firm, or to one that was removed "
        "in the last 30 days. Correct one of the two."
    ),
    "everyone_holds_all": _("%(group)s always holds all active [members]. Leave the row out."),
    "beyond_calendar": _("%(expires)s is beyond the calendar. Leave the expiry out."),
    "expiry_passed": _("The expiry %(expires)s has passed. Write a later one, or leave the row out."),
    "refused": _("Refused, %(refusal)s: %(problem)s"),
    "unknown_kind": _(
        "“%(kind)s” is not a kind that is known here, so a UTR is taken for Income Tax. Check how it is "
        "spelled; for a company write Ltd, say."
    ),
    "company_without_kind": _(
        "“%(name)s” is called like a company and has no kind, so its UTR is taken for Income Tax. If it is a "
        "company, write Ltd, say, in a column for the kind."
    ),
    "letters_alone": _(
        "“%(reference)s” has no digit, so it is hardly a tax reference. Leave the cell empty if there is "
        "none yet."
    ),
    "masked_reference": _(
        "“%(reference)s” is only the end of a tax reference, as HMRC’s pages show it, and is left out. The "
        "service is taken all the same."
    ),
    "word_left_out": _(
        "“%(reference)s” for %(service)s stands in several rows and has no digit, so it is taken for no tax "
        "reference. The service is taken all the same."
    ),
    "tax_check_digit": _(
        "“%(reference)s” for %(service)s has a wrong digit somewhere, since its check digit does not fit. "
        "Expected: %(kinds)s. Compare it with a letter from HMRC."
    ),
    "tax_zero_missing": _(
        "“%(reference)s” for %(service)s seems to have lost the zero in front, as happens in spreadsheets. "
        "Expected: %(kinds)s. Write it with the zero."
    ),
    "tax_other_kind": _(
        "“%(reference)s” for %(service)s looks like another kind of reference: %(found)s. Expected: "
        "%(kinds)s. Check which is meant."
    ),
    "tax_no_form": _(
        "“%(reference)s” for %(service)s has too few, too many or other characters. Expected: %(kinds)s. "
        "Compare it with a letter from HMRC."
    ),
    "question_mark": _(
        "The question mark in “%(text)s” may stand for a letter that was lost when the file was saved. If "
        "so, save it as CSV (UTF-8)."
    ),
    "passed_over": _("“%(value)s” is passed over for “%(taken)s”, which row %(row)s says."),
    "zeros_fewer": _(
        "“%(reference)s” replaces “%(known)s”. If a spreadsheet took the zeros away, format the column as "
        "text and enter it again."
    ),
}

FILE_KINDS: dict[str, LazyText] = {
    "pdf": _("a PDF"),
    "image": _("an image"),
    "word_processor": _("a word-processor document"),
    "archive": _("an archive or another document"),
    "xml": _("a web page or XML file"),
    "json": _("a JSON file"),
    "database": _("a database"),
    "mhtml": _("a web archive (MHTML)"),
    "old_xls": _("an Excel workbook of 1995 or before (BIFF 5)"),
    "oldest_xls": _("a very old Excel sheet (BIFF 2 to 4)"),
    "xlsb": _("a binary Excel workbook (XLSB) with cells of an unknown kind"),
    "compound": _("a document of an old program"),
    "flat_ods": _("a flat OpenDocument spreadsheet (FODS)"),
    "numbers": _("a Numbers document"),
}

TAX_KINDS: dict[str, LazyText] = {
    "utr": _("UTR (10 digits)"),
    "vat": _("VAT number (9 or 12 digits)"),
    "nino": _("National Insurance number (like QQ123456C)"),
    "paye": _("PAYE reference (like 123/AB456)"),
    "accounts_office": _("Accounts Office reference (like 123PA00012345)"),
    "company": _("company number (8 digits, or two letters and 6)"),
    "hmrc": _("HMRC reference that begins with letters (like XMCGTP123456789)"),
}

FIELDS: dict[str, LazyText] = {
    "reference": _("client reference"),
    "name": _("name"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "kind": _("kind of [client]"),
    "confidential": _("mark “confidential”"),
    "service": _("service"),
    "services": _("services"),
    "tax_reference": _("tax reference"),
    "utr": _("unique taxpayer reference (UTR)"),
    "email": _("e-mail address"),
    "member": _("[member] by name"),
    "reference_and_name": _("client reference, and the name as well"),
    "role": _("role"),
    "access": _("permission to use client records"),
    "manage_access": _("permission to manage access"),
    "active": _("mark “active”"),
    "external": _("external id"),
    "groups": _("[groups], with semicolons between them"),
    "group": _("[group]"),
    "level": _("level"),
    "expires": _("expiry"),
    "fee_split": _("fee split"),
    "owners": _("Owners, with semicolons between them"),
    "editors": _("Editors, with semicolons between them"),
    "readers": _("Readers, with semicolons between them"),
    "blocked": _("who is blocked, with semicolons between them"),
    "ignore": _("column to be left out"),
}

_SERVICE = "service:"
_OF_SERVICE = _("tax reference of %(service)s")
_OR = _("%(one)s or %(other)s")


def fault_text(code: str, values: Mapping[str, str | int]) -> str:
    """What is wrong and what to do; `values` fill the sentence's places."""
    said = {key: _value(key, value) for key, value in values.items()}
    return str(FAULTS[code]) % said


def told_fault(code: str, values: Mapping[str, str | int]) -> str:
    """As `fault_text`; of what the core refuses, its sentence alone."""
    return problem_text(Problem(str(values["problem"]))) if code == "refused" else fault_text(code, values)


def fault_file_headers() -> tuple[str, str, str, str]:
    """The header of a file of faults."""
    return (
        str(_("Row")),
        str(_("Column")),
        str(_("What stands there")),
        str(_("What is wrong and what to do")),
    )


def field_text(field: str) -> str:
    """What a column holds; `a|b` is one of two fields, `service:VAT` the tax reference of that service."""
    if field.startswith(_SERVICE):
        return str(_OF_SERVICE) % {"service": field.removeprefix(_SERVICE)}
    if "|" in field:
        return _either([field_text(each) for each in field.split("|")])
    return str(FIELDS.get(field, field))


def _either(texts: Sequence[str]) -> str:
    """`a`, `a or b`."""
    return reduce(lambda one, other: str(_OR) % {"one": one, "other": other}, texts)


def _value(key: str, value: str | int) -> str:
    if key == "problem":
        return problem_text(Problem(str(value)))
    if key == "what":
        return str(FILE_KINDS[str(value)])
    if key == "field":
        return field_text(str(value))
    if key in {"kinds", "found"}:
        return _either([str(TAX_KINDS[kind]) for kind in str(value).split("|")])
    if key in {"count", "limit"} and isinstance(value, int):
        return f"{value:,}"
    return str(value)
