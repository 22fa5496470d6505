"""Forgeries by incremental update: shadow attacks, incremental saving, attacks on certified documents.

Sources: Mainka, Mladenov, Rohlmann, "Shadow Attacks" (NDSS 2021); Mladenov et al., "1 Trillion Dollar Refund" (CCS
2019); Rohlmann et al., "Breaking the Specification: PDF Certification" (S&P 2021). What a file calls by these names
here is our own.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec

from signing.form import AGENCY, NUMBER, fields_of
from tests.attacks import raw
from tests.attacks.cases import Collection
from tests.attacks.material import Material
from tests.signing import altering

cases = Collection()
forgery = cases.forgery

Writer = IncrementalPdfFileWriter
PAYMENT = b"BT /F1 24 Tf 100 500 Td (1.000.000.000) Tj ET"


def page_of(writer: Writer, number: int = 0) -> Any:
    return writer.find_page_for_modification(number)[0].get_object()


def numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(v) for v in values])


def form_of(writer: Writer) -> Any:
    return writer.root["/AcroForm"]


def picture(writer: Writer, box: tuple[float, float, float, float] = (0, 0, 400, 200)) -> Any:
    return writer.add_object(generic.StreamObject(stream_data=b"1 g 0 0 400 200 re f", dict_data={
        pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): numbers(*box)}))


def annotation(writer: Writer, subtype: str, *, look: bool = True,
               place: tuple[float, float, float, float] = (80, 380, 520, 520), **entries: Any) -> None:
    note = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype),
        pdf_name("/Rect"): numbers(*place), pdf_name("/F"): generic.NumberObject(4)})
    note.update({pdf_name(f"/{name}"): value for name, value in entries.items()})
    if look:
        note[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): picture(writer)})
    writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), writer.add_object(note))


# shadow attacks: what the signer did not see lies in the signed file already

def _with_cover(data: bytes, *, layer: bool = False) -> bytes:
    """A draft with a white picture over a sentence, as an innocent-looking logo, and hidden text below."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        cover = pdf.make_stream(b"1 g 0 0 300 60 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                                BBox=[0, 0, 300, 60])
        page.obj.Resources.XObject = pikepdf.Dictionary(Cover=pdf.make_indirect(cover))
        hidden = b"q BT 0 0 0 rg 100 300 Td ET Q q 1 0 0 1 100 290 cm /Cover Do Q"
        if layer:
            group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Lop"))
            page.obj.Resources.Properties = pikepdf.Dictionary(L=group)
            pdf.Root.OCProperties = pdf.make_indirect(pikepdf.Dictionary(
                OCGs=[group], D=pikepdf.Dictionary(ON=[group], OFF=[])))
            hidden = b"/OC /L BDC " + hidden + b" EMC"
        page.contents_add(pdf.make_stream(hidden))
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    return out.getvalue()


def _with_spare_pages(data: bytes) -> bytes:
    """A draft that carries another page tree and catalogue nobody refers to."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        spare = pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Page, MediaBox=[0, 0, 595, 842], Resources=pikepdf.Dictionary(),
            Contents=pdf.make_stream(PAYMENT)))
        tree = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=[spare], Count=1))
        spare.Parent = tree
        pdf.Root.PieceInfo = pikepdf.Dictionary(Spare=tree)   # kept alive by a private entry that readers pass over
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    return out.getvalue()


@forgery("shadow: hide", "the picture that covered a sentence is emptied")
def shadow_hide_emptied(m: Material) -> bytes:
    data = m.signed(_with_cover(m.draft))
    number = int(raw.reader_of(data).root["/Pages"]["/Kids"][0]["/Resources"]["/XObject"].raw_get("/Cover").idnum)
    return raw.appended(data, {number: b"<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 0>>\nstream\n\nendstream"})


@forgery("shadow: hide", "the covering picture is marked free in the table alone, without a new object")
def shadow_hide_freed(m: Material) -> bytes:
    data = m.signed(_with_cover(m.draft))
    number = int(raw.reader_of(data).root["/Pages"]["/Kids"][0]["/Resources"]["/XObject"].raw_get("/Cover").idnum)
    return data + raw.table_of({number: -1}) + raw.trailer_of(data, len(data))


@forgery("shadow: hide", "an optional content layer is switched off")
def shadow_layer_off(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        setting = writer.root["/OCProperties"]["/D"]
        setting[pdf_name("/OFF")], setting[pdf_name("/ON")] = setting["/ON"], generic.ArrayObject()
        writer.update_container(setting)
    return raw.updated(m.signed(_with_cover(m.draft, layer=True)), change)


@forgery("shadow: replace", "the font of the page is redefined, so that the same codes show other signs")
def shadow_replace_font(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        fonts = page_of(writer)["/Resources"]["/Font"]
        font = fonts[next(iter(fonts))]
        font[pdf_name("/BaseFont")] = pdf_name("/Khac")
        font.pop("/ToUnicode", None)
        writer.update_container(font)
    return raw.updated(m.approval, change)


@forgery("shadow: replace", "a form field shows another text than its value says")
def shadow_replace_appearance(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        field = fields_of(writer)[NUMBER]
        value = field.field["/V"] if "/V" in field.field else generic.pdf_string("")
        altering.change_number(writer)
        field.field[pdf_name("/V")] = value
        writer.update_container(field.field)
    return raw.updated(m.sealed, change)


@forgery("shadow: replace", "under a certification, the filled number keeps its value and is drawn as another one")
def shadow_replace_drawn_only(m: Material) -> bytes:
    filled = raw.updated(m.prepared, altering.change_number)
    certified = m.signed(filled, field="LeaderSignature", permission=MDPPerm.FILL_FORMS)

    def change(writer: Writer) -> None:
        field = fields_of(writer)[NUMBER]
        other = raw.updated(m.prepared, lambda w: altering.fill_text(w, fields_of(w)[NUMBER], "11"))
        drawn = fields_of(raw.reader_of(other))[NUMBER].widget["/AP"]["/N"]
        look = writer.import_object(drawn)
        field.widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
        writer.update_container(field.widget)
    return raw.updated(certified, change)


@forgery("shadow: hide-and-replace", "the catalogue is pointed at spare pages that the signed file carried unseen")
def shadow_hide_and_replace(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        writer.root[pdf_name("/Pages")] = writer.root["/PieceInfo"].raw_get("/Spare")
        writer.update_root()
    return raw.updated(m.signed(_with_spare_pages(m.draft)), change)


@forgery("shadow: hide-and-replace", "only the table is exchanged: the page's number leads to the spare page")
def shadow_table_only(m: Material) -> bytes:
    data = m.signed(_with_spare_pages(m.draft))
    reader = raw.reader_of(data)
    page = int(reader.root["/Pages"]["/Kids"].raw_get(0).idnum)
    spare = int(reader.root["/PieceInfo"]["/Spare"]["/Kids"].raw_get(0).idnum)
    place = data.index(b"\n%d 0 obj" % spare) + 1
    return data + raw.table_of({page: place}) + raw.trailer_of(data, len(data))


# incremental saving

SAVING = "incremental saving"


@forgery(SAVING, "another content stream laid over page 1")
def saving_content_added(m: Material) -> bytes:
    return raw.updated(m.approval, altering.write_over_page)


@forgery(SAVING, "the content stream of page 1 exchanged for another")
def saving_content_swapped(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        page = page_of(writer)
        page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=PAYMENT))
        writer.update_container(page)
    return raw.updated(m.approval, change)


@forgery(SAVING, "the resources of page 1 exchanged, its content untouched")
def saving_resources_swapped(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        page = page_of(writer)
        page[pdf_name("/Resources")] = writer.add_object(generic.DictionaryObject({
            pdf_name("/Font"): generic.DictionaryObject()}))
        writer.update_container(page)
    return raw.updated(m.approval, change)


@forgery(SAVING, "a free text laid over the page as an annotation")
def saving_free_text(m: Material) -> bytes:
    return raw.updated(m.sealed, altering.add_note)


@forgery(SAVING, "a page added")
def saving_page_added(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        writer.insert_page(generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Page"), pdf_name("/MediaBox"): numbers(0, 0, 595, 842),
            pdf_name("/Resources"): generic.DictionaryObject(),
            pdf_name("/Contents"): writer.add_object(generic.StreamObject(stream_data=PAYMENT))}))
    return raw.updated(m.approval, change)


@forgery(SAVING, "the last page removed")
def saving_page_removed(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        tree = writer.root["/Pages"]
        tree["/Kids"].pop()
        tree[pdf_name("/Count")] = generic.NumberObject(len(tree["/Kids"]))
        writer.update_container(tree)
    return raw.updated(m.signed(m.long_draft), change)


@forgery(SAVING, "pages in another order")
def saving_pages_reordered(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        tree = writer.root["/Pages"]
        tree["/Kids"].reverse()
        writer.update_container(tree)
    return raw.updated(m.signed(m.long_draft), change)


@forgery(SAVING, "the page turned upside down")
def saving_page_turned(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        page_of(writer)[pdf_name("/Rotate")] = generic.NumberObject(180)
        writer.update_container(page_of(writer))
    return raw.updated(m.approval, change)


@forgery(SAVING, "the page cropped so that its lower half is not shown")
def saving_page_cropped(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        page_of(writer)[pdf_name("/CropBox")] = numbers(0, 420, 595, 842)
        writer.update_container(page_of(writer))
    return raw.updated(m.approval, change)


@forgery(SAVING, "the page's size inherited from a changed page tree")
def saving_inherited_size(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        tree = writer.root["/Pages"]
        tree[pdf_name("/CropBox")] = numbers(0, 420, 595, 842)
        writer.update_container(tree)
    return raw.updated(m.approval, change)


@forgery(SAVING, "an action that runs when the file is opened")
def saving_open_action(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject({
            pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")})
        writer.update_root()
    return raw.updated(m.approval, change)


@forgery(SAVING, "scripts in the name tree")
def saving_names(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        script = writer.add_object(generic.DictionaryObject({
            pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("this.zoom=50")}))
        writer.root[pdf_name("/Names")] = generic.DictionaryObject({pdf_name("/JavaScript"): generic.DictionaryObject({
            pdf_name("/Names"): generic.ArrayObject([generic.pdf_string("a"), script])})})
        writer.update_root()
    return raw.updated(m.approval, change)


@forgery(SAVING, "an attached file exchanged")
def saving_attachment_swapped(m: Material) -> bytes:
    with pikepdf.open(io.BytesIO(m.draft)) as pdf:
        pdf.attachments["phu-luc.txt"] = b"Phu luc 1"
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    data = m.signed(out.getvalue())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.attachments["phu-luc.txt"].get_file().obj.objgen[0]
    return raw.appended(data, {number: b"<</Type/EmbeddedFile/Length 9>>\nstream\nPhu luc 2\nendstream"})


@forgery(SAVING, "new layers with a default view that hides the old")
def saving_layers_added(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        group = writer.add_object(generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): generic.pdf_string("L")}))
        writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject({
            pdf_name("/OCGs"): generic.ArrayObject([group]),
            pdf_name("/D"): generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject([group])})})
        writer.update_root()
    return raw.updated(m.approval, change)


@forgery(SAVING, "readers told to draw all fields anew (NeedAppearances) and the default font exchanged")
def saving_need_appearances(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        form = form_of(writer)
        form[pdf_name("/NeedAppearances")] = generic.BooleanObject(True)
        form[pdf_name("/DR")] = generic.DictionaryObject()
        form[pdf_name("/DA")] = generic.pdf_string("/Helv 40 Tf 1 0 0 rg")
        writer.update_container(form)
        if "/AcroForm" in writer.root:
            writer.update_root()
    return raw.updated(m.sealed, change)


@forgery(SAVING, "an XFA form put in place of the pages")
def saving_xfa(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        form = form_of(writer)
        form[pdf_name("/XFA")] = writer.add_object(generic.StreamObject(stream_data=b"<xdp:xdp/>"))
        writer.update_container(form)
        writer.update_root()
    return raw.updated(m.sealed, change)


@forgery(SAVING, "the appearance of the leader's signature exchanged")
def saving_signature_look(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        widget = fields_of(writer)["LeaderSignature"].widget
        widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): picture(writer)})
        writer.update_container(widget)
    return raw.updated(m.sealed, change)


@forgery(SAVING, "the rectangle of the leader's signature enlarged over the text")
def saving_signature_place(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        widget = fields_of(writer)["LeaderSignature"].widget
        widget[pdf_name("/Rect")] = numbers(50, 50, 550, 800)
        writer.update_container(widget)
    return raw.updated(m.sealed, change)


@forgery(SAVING, "the signature taken out of the form")
def saving_signature_removed(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        form = form_of(writer)
        form[pdf_name("/Fields")] = generic.ArrayObject()
        writer.update_container(form)
        writer.update_root()
    return raw.updated(m.approval, change)


@forgery(SAVING, "the whole form taken out of the catalogue")
def saving_form_removed(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        del writer.root["/AcroForm"]
        writer.update_root()
    return raw.updated(m.sealed, change)


@forgery(SAVING, "the signature's value taken out of its field")
def saving_value_removed(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        field = next(f for f in form_of(writer)["/Fields"])
        field = field.get_object()
        del field["/V"]
        writer.update_container(field)
    return raw.updated(m.approval, change)


@forgery(SAVING, "an update between signature and seal, made before the seal was set")
def saving_before_the_seal(m: Material) -> bytes:
    return m.signed(raw.updated(m.certified, altering.write_over_page), m.people.agency, field=AGENCY)


# certified documents

CERTIFIED = "certification attack"


@forgery(CERTIFIED, "DocMDP 1: the number filled in")
def certified_1_filled(m: Material) -> bytes:
    return raw.updated(m.certified_final, altering.change_number)


@forgery(CERTIFIED, "DocMDP 1: a second signature")
def certified_1_signed(m: Material) -> bytes:
    return m.signed(m.certified_final, m.clerk, field=AGENCY, forbidden=True)


@forgery(CERTIFIED, "DocMDP 1: a comment")
def certified_1_comment(m: Material) -> bytes:
    return raw.updated(m.certified_final, lambda w: annotation(w, "/Text", Contents=generic.pdf_string("x")))


@forgery(CERTIFIED, "DocMDP 2: a stamp annotation with a picture over the text (evil annotation)")
def certified_2_stamp(m: Material) -> bytes:
    return raw.updated(m.certified, lambda w: annotation(w, "/Stamp"))


@forgery(CERTIFIED, "DocMDP 2: a redaction mark")
def certified_2_redaction(m: Material) -> bytes:
    return raw.updated(m.certified, lambda w: annotation(w, "/Redact"))


@forgery(CERTIFIED, "DocMDP 3: a free text annotation that replaces a sentence (evil annotation), unsigned")
def certified_3_free_text(m: Material) -> bytes:
    return raw.updated(m.certified_notes, lambda w: annotation(
        w, "/FreeText", Contents=generic.pdf_string("1.000.000.000"), DA=generic.pdf_string("/Helv 12 Tf")))


@forgery(CERTIFIED, "DocMDP 3: a note with a picture of its own over the text, covered by a clerk's signature")
def certified_3_drawn_note(m: Material) -> bytes:
    noted = raw.updated(m.certified_notes, lambda w: annotation(w, "/Text", Contents=generic.pdf_string("x")))
    return m.signed(noted, m.clerk, field=AGENCY)


@forgery(CERTIFIED, "DocMDP 2: a comment, covered by a clerk's signature")
def certified_2_signed_comment(m: Material) -> bytes:
    noted = raw.updated(m.certified, lambda w: annotation(
        w, "/Text", look=False, place=(20, 20, 40, 40), Contents=generic.pdf_string("x")))
    return m.signed(noted, m.clerk, field=AGENCY)


@forgery(CERTIFIED, "DocMDP 2: a stranger's signature whose appearance covers the page (sneaky signature)")
def certified_2_sneaky(m: Material) -> bytes:
    return m.signed(m.certified, m.stranger, field="Sneaky", spec=SigFieldSpec("Sneaky", box=(20, 20, 570, 800)))


@forgery(CERTIFIED, "DocMDP 2: a known clerk's signature whose appearance covers the page")
def certified_2_covering(m: Material) -> bytes:
    return m.signed(m.certified, m.clerk, field="Big", spec=SigFieldSpec("Big", box=(20, 20, 570, 800)))


@forgery(CERTIFIED, "no certification: a known clerk's signature whose appearance covers the page")
def approved_covering(m: Material) -> bytes:
    return m.signed(m.approval, m.clerk, field="Big", spec=SigFieldSpec("Big", box=(20, 20, 570, 800)))


@forgery(CERTIFIED, "an empty signature field drawn over the text, never signed")
def certified_empty_field(m: Material) -> bytes:
    return raw.updated(m.sealed, altering.add_empty_field)


@forgery(CERTIFIED, "the permission raised from 1 to 3 in a later revision, and the form filled")
def certified_raised(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        value = writer.root["/Perms"]["/DocMDP"]
        parameters = value["/Reference"][0]["/TransformParams"]
        parameters[pdf_name("/P")] = generic.NumberObject(3)
        writer.update_container(value)
        altering.change_number(writer)
    return raw.updated(m.certified_final, change)


@forgery(CERTIFIED, "the catalogue's permissions removed and the page changed")
def certified_unlocked(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        del writer.root["/Perms"]
        writer.update_root()
        altering.write_over_page(writer)
    return raw.updated(m.certified_final, change)


@forgery(CERTIFIED, "a field that the seal locked (FieldMDP) filled again")
def locked_field_filled(m: Material) -> bytes:
    return raw.updated(m.sealed, altering.change_number)


@forgery(CERTIFIED, "the seal's lock removed, then the number changed")
def lock_removed(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        seal = fields_of(writer)[AGENCY].widget
        if "/Lock" in seal:
            del seal["/Lock"]
        writer.update_container(seal)
        altering.change_number(writer)
    return raw.updated(m.sealed, change)


@forgery(CERTIFIED, "a new text field with a look of its own beside the permitted ones")
def certified_new_field(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        look = generic.DictionaryObject({pdf_name("/N"): picture(writer)})
        widget = writer.add_object(generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("Them"),
            pdf_name("/V"): generic.pdf_string("9"), pdf_name("/AP"): look,
            pdf_name("/Rect"): numbers(80, 380, 520, 520)}))
        form = form_of(writer)
        form["/Fields"].append(widget)
        writer.update_container(form)
        writer.update_container(form["/Fields"])
        writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), widget)
    return raw.updated(m.certified, change)


@forgery(CERTIFIED, "a permitted field filled and its rectangle spread over the page")
def certified_field_spread(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        altering.change_number(writer)
        widget = fields_of(writer)[NUMBER].widget
        widget[pdf_name("/Rect")] = numbers(20, 20, 570, 800)
        writer.update_container(widget)
    return raw.updated(m.certified, change)


@forgery(CERTIFIED, "a permitted field's appearance given a script for a calculated value")
def certified_field_script(m: Material) -> bytes:
    def change(writer: Writer) -> None:
        field = fields_of(writer)[NUMBER].field
        field[pdf_name("/AA")] = generic.DictionaryObject({pdf_name("/C"): generic.DictionaryObject({
            pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("event.value=1")})})
        writer.update_container(field)
    return raw.updated(m.certified, change)
