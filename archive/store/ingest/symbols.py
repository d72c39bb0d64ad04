"""Which document a symbol means, when a document comes in."""

from __future__ import annotations

from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.models import Document, IssuedText, MovedAnchor, RetiredDocument, SourceFile, SymbolAlias
from archive.models.querysets.languages import CHINESE
from archive.text.parsed import Facts

from .values import RefusedError, Source


def find_document(facts: Facts, source: Source) -> Document | None:
    """The row that ``facts`` describe, locked, or None for a new document.

    By symbol; by another symbol of a document from the same file; or, where the same bytes were once read
    under another symbol, that document. Raises RefusedError where the symbol is an alias of a document from
    elsewhere, or was retired.
    """
    refuse_retired(facts)
    if document := _locked_document(symbol=facts.symbol, language=facts.language):
        return document
    if document := _locked_document(aliases__symbol=facts.symbol, language=facts.language):
        if document.source.name != source.name:
            raise RefusedError(_clash(str(facts.symbol), document))
        return document
    same = list(
        SourceFile.objects.filter(sha256=source.sha256, name=source.name).values_list("pk", flat=True)
    )
    return _locked_document(source__in=same, language=facts.language) if same else None


def _locked_document(**where: object) -> Document | None:
    """The first document of these, locked. The whole row is asked for only where there is one."""
    key = Document.objects.filter(**where).values_list("pk", flat=True).first()
    return None if key is None else Document.objects.select_for_update().get(pk=key)


def refuse_retired(facts: Facts) -> None:
    """Raise RefusedError, with who and why and what to do, where a symbol was withdrawn or merged away."""
    standing = RetiredDocument.objects.filter(symbol=facts.symbol, language=facts.language, lifted=None)
    retired = standing.first()
    if retired is None:
        return
    names = {
        "symbol": retired.symbol,
        "date": timezone.localdate(retired.at).isoformat(),
        "by": retired.by,
        "reason": retired.reason.rstrip("。"),
        "successor": retired.successor,
        "option": "" if facts.language == CHINESE else f" --language {facts.language}",
    }
    if retired.ending == RetiredDocument.Ending.WITHDRAWN:
        raise RefusedError(
            _(
                "%(symbol)s已于%(date)s由%(by)s撤下（%(reason)s），不能入库。"
                "要恢复它，请管理员在编辑台的“撤下或并入的文件”中选“恢复”，"
                "或运行 manage.py withdraw_document '%(symbol)s'%(option)s --undo。"
            )
            % names
        )
    raise RefusedError(
        _(
            "%(symbol)s已于%(date)s由%(by)s并入%(successor)s（%(reason)s），不能单独入库。"
            "文字有更新，请更换%(successor)s的来源文件；"
            "要分开，请运行 manage.py merge_document '%(symbol)s'%(option)s --undo。"
        )
        % names
    )


def claim_symbols(document: Document, facts: Facts) -> None:
    """Give a stored document the symbols of ``facts``, and keep every symbol that it ever had as an alias.

    Raises RefusedError where one of them belongs to another document.
    """
    own = str(facts.symbol)  # ``check_parsed`` lets none in without
    corrected = document.corrections.get("symbol") or own
    if document.symbol != corrected:
        rename_document(document, corrected)
    for symbol in {own, *facts.other_symbols} - {document.symbol}:
        held = Document.objects.filter(symbol=symbol, language=document.language)
        owner = held.exclude(pk=document.pk).first()
        aliases = SymbolAlias.objects.filter(symbol=symbol, document__language=document.language)
        alias = aliases.select_related("document").first()
        if owner is None and alias:
            owner = alias.document
        if owner and owner.pk != document.pk:
            raise RefusedError(_clash(symbol, owner))
        if not alias:
            SymbolAlias.objects.create(symbol=symbol, document=document)


def rename_document(document: Document, symbol: str) -> None:
    """Give ``document`` another symbol. The old one leads to it for ever, and what was issued goes along."""
    owner = Document.objects.filter(language=document.language).find(symbol)
    if owner and owner.pk != document.pk:
        raise RefusedError(_clash(symbol, owner))
    refuse_retired(Facts(symbol=symbol, language=document.language))
    old = document.symbol
    document.aliases.filter(symbol=symbol).delete()
    Document.objects.filter(pk=document.pk).update(symbol=symbol)
    document.symbol = symbol
    SymbolAlias.objects.get_or_create(symbol=old, document=document)
    for history in (IssuedText, MovedAnchor):
        history.objects.filter(symbol=old, language=document.language).update(symbol=symbol)
    MovedAnchor.objects.filter(new_symbol=old, language=document.language).update(new_symbol=symbol)
    RetiredDocument.objects.filter(successor=old, language=document.language).update(successor=symbol)
    count_one_text(old, symbol)


def count_one_text(*symbols: str) -> None:
    """Lets one text of each document count: the Chinese one, or where none is held the first that came."""
    texts: dict[str, list[tuple[bool, int, bool]]] = {}
    rows = (
        Document.objects.filter(symbol__in=symbols)
        .order_by()
        .values_list("symbol", "language", "pk", "counted")
    )
    for symbol, language, key, counted in rows:
        texts.setdefault(symbol, []).append((language != CHINESE, key, counted))
    for (_other, first, counted), *others in map(sorted, texts.values()):
        if wrong := [first] * (not counted) + [key for _other, key, counts in others if counts]:
            counts = Case(When(pk=first, then=True), default=False)
            Document.objects.filter(pk__in=wrong).update(counted=counts, changed=timezone.now())


def _clash(symbol: str, owner: Document) -> str:
    names = {"symbol": symbol, "owner": owner.symbol, "file": owner.source.name}
    if symbol == owner.symbol:
        return _("文号%(symbol)s已用于来自%(file)s的文件。") % names
    return _("文号%(symbol)s已是%(owner)s（来自%(file)s）的另一文号。") % names
