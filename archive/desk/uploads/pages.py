"""The pages of the desk's way in: sending files, a batch, one file with what was read of it, the acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from django.contrib import admin, messages
from django.core.exceptions import TooManyFilesSent
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from archive.desk.audit import record
from archive.desk.unchanged import mark_of
from archive.intake.fetching.judge import advice_on_resolutions
from archive.intake.importing import Status
from archive.intake.importing.files import SIDECAR
from archive.models import Document, IntakeBatch, IntakeItem, Paragraph
from archive.readers import NotReadableError
from archive.readers.pool import draw_pages
from archive.site.opendata.tables import Table, table_response
from archive.site.presenters.relations import corrected_name
from archive.site.views.document import handed_over
from archive.store.ingest.facts import sidecar_for
from archive.store.ingest.values import RefusedError
from archive.text.fingerprint import fingerprint
from archive.text.language import FIRST
from archive.text.segmenter import KINDS, numbers_inside
from archive.text.symbols.rivals import named_by

from . import receiving
from .corrections import OPEN, WrongFieldsError, correct, fields_of_block, fields_of_facts, mark_of_block
from .preview import MOST_PAGES, corrections_shown, doubts_of, is_read, settling, shown_of
from .urls import PERMISSION
from .worker import KEPT

PER_PAGE = 50
LATE = timedelta(minutes=2)
"""After which what waits is a sign that no worker runs."""
State = IntakeItem.State
FINAL = (State.PUBLISHED, State.SET_ASIDE, State.REFUSED, State.FAILED, State.UNPACKED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Act:
    """What a curator may do with files in one of the states ``of``: they are ``to`` be so then. ``told`` says
    what it means; with ``asks`` a reason is asked for.
    """

    label: str | Promise
    of: tuple[State, ...]
    to: State
    told: str | Promise
    asks: bool = False
    whole: bool = False


ACTS = {
    "publish": Act(
        gettext_lazy("发布"),
        (State.TO_CHECK,),
        State.ACCEPTED,
        gettext_lazy("存入文献库，读者随即可以查阅、检索和引用；链接从此长期有效。"),
    ),
    "publish_all": Act(
        gettext_lazy("发布全部没有疑点的"),
        (State.TO_CHECK,),
        State.ACCEPTED,
        gettext_lazy("有疑点的、库中已有别的文字的、本批中文号相同的，不在其内，请逐份核对。"),
        whole=True,
    ),
    "publish_picked": Act(
        gettext_lazy("发布勾选的"),
        (State.TO_CHECK,),
        State.ACCEPTED,
        gettext_lazy(
            "存入文献库，链接从此长期有效。还有疑点的，疑点照样写给读者看；文号相同的，只先发布一份。"
        ),
        whole=True,
    ),
    "set_aside": Act(
        gettext_lazy("搁置"),
        (State.TO_CHECK, State.REFUSED, State.FAILED),
        State.SET_ASIDE,
        gettext_lazy("暂不发布；原件删去以前，可以重新读取。"),
        asks=True,
    ),
    "refuse": Act(
        gettext_lazy("退回"),
        (State.TO_CHECK, State.SET_ASIDE, State.FAILED),
        State.REFUSED,
        gettext_lazy("不收入文献库；原件过一段时间删去。"),
        asks=True,
    ),
    "reread": Act(
        gettext_lazy("重新读取"),
        (State.TO_CHECK, State.SET_ASIDE, State.REFUSED, State.FAILED),
        State.WAITING,
        gettext_lazy("再读一次原件，读完后再核对。"),
    ),
    "undo": Act(
        gettext_lazy("撤下本批"),
        (State.PUBLISHED,),
        State.RECALLED,
        gettext_lazy(
            "撤下由本批新收入的文件，链接会说明已撤下和原因；由本批更新的，恢复为先前的文字。"
            "后来又改过的，不在其内。"
        ),
        asks=True,
        whole=True,
    ),
    "restore": Act(
        gettext_lazy("恢复本批"),
        (State.WITHDRAWN,),
        State.RETURNING,
        gettext_lazy("把撤下的文件照撤下以前的文字收回库中，链接照旧有效。由本批更新的，请重新上传。"),
        whole=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """All batches, and the form that sends files.

    The body is read, and files of it written to the disk, only once it is known who sends it: so the token
    against forgery, which stands in the body, is asked for after that. A refusal of too much does without.
    """
    if request.method != "POST":
        return _intake_page(request)
    written = receiving.WithinLimits(request)
    request.upload_handlers = [written]
    try:
        request.POST  # noqa: B018 - which reads the body
        if written.refused:
            raise written.refused
        return _receive(request)
    except TooManyFilesSent:
        return _intake_page(request, _("一次上传的文件份数过多；请分几次，或打成压缩包。"))
    except UnreadablePostError:
        written.upload_interrupted()
        return _intake_page(request, _("上传中断，没有收全，什么也没有收下；请重新上传。"))
    except RefusedError as error:
        return _intake_page(request, str(error))


@require_GET
def may_send(request: HttpRequest) -> HttpResponse:
    """Tells the proxy, before it reads a body, whether its sender is a curator (204) or not (403)."""
    curator = admin.site.has_permission(request) and request.user.has_perm(PERMISSION)
    return HttpResponse(status=204 if curator else 403)


@csrf_protect
def _receive(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    batch = receiving.receive(request.FILES.getlist("files"), name, request.user.get_username())
    record(request.user, _("上传文件"), [(IntakeBatch, batch.pk, str(batch))])
    messages.success(request, _("已收到，正在逐份读取；读完的会出现在“待核对”里。"))
    return redirect("intake_batch", batch.pk)


def _intake_page(request: HttpRequest, refused: str = "") -> HttpResponse:
    counted = {
        "files": Count("items"),
        "open": Count("items", filter=~Q(items__state__in=FINAL)),
        "to_check": Count("items", filter=Q(items__state=State.TO_CHECK)),
        "published": Count("items", filter=Q(items__state=State.PUBLISHED)),
    }
    listing = Paginator(IntakeBatch.objects.annotate(**counted).order_by("-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"listing": listing, "refused": refused, "advice": advice_on_resolutions(), **_limits()}
    context |= {"name": request.POST.get("name", ""), "upload": request.path == reverse("intake")}
    return render(request, "desk/intake.html", {**context, "idle": _idle()}, status=400 if refused else 200)


def _limits() -> dict[str, int]:
    return {
        "most_files": receiving.MOST_FILES,
        "most_mb": receiving.MOST_BYTES // 1_000_000,
        "most_mb_each": receiving.LARGEST_FILE // 1_000_000,
        "days": KEPT.days,
    }


def _idle() -> bool:
    """Whether files have waited so long that no worker can be there."""
    waiting = IntakeItem.objects.filter(state__in=IntakeItem.TO_DO)
    since = waiting.aggregate(
        first=Min("changed"), held=Count("pk", filter=Q(lease_until__gt=timezone.now()))
    )
    return since["first"] is not None and not since["held"] and since["first"] < timezone.now() - LATE


@require_GET
def batch_page(request: HttpRequest, batch: int) -> HttpResponse:
    """The files of a batch, those of one state where ``?state=`` says so."""
    held = get_object_or_404(IntakeBatch, pk=batch)
    counts = dict(held.items.order_by().values_list("state").annotate(Count("pk")))
    states = [(state.value, state.label, counts[state.value]) for state in State if state.value in counts]
    chosen = request.GET.get("state", "")
    rows = held.items.defer("content", "preview", "sidecar", "corrections", "before")
    if chosen in State.values:
        rows = rows.filter(state=chosen)
    context = {
        "batch": held,
        "states": states,
        "chosen": chosen,
        "total": sum(counts.values()),
        "listing": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "clear": _rows(held, "publish_all").count(),
        "undoable": _rows(held, "undo").count(),
        "restorable": _rows(held, "restore").count(),
        "ticked": "all" in request.GET,
        "idle": _idle(),
        **_limits(),
    }
    return render(request, "desk/intake_batch.html", context)


@require_GET
def item_page(request: HttpRequest, batch: int, item: int) -> HttpResponse:
    """One file: its doubts first, then what was read of it beside the original, and what the archive holds of
    it. ``?mend=`` opens the form of one block, or of the ``facts``; ``?at=`` the part where a block stands.
    """
    return _item_page(request, _item(batch, item), request.GET.get("mend", ""))


@require_GET
def original(request: HttpRequest, batch: int, item: int) -> HttpResponse:
    """The file as it was sent, for as long as nobody published it."""
    held = get_object_or_404(IntakeItem.objects.exclude(content=None).defer("preview"), pk=item, batch=batch)
    response = handed_over(bytes(held.content or b""), PurePath(held.name).name)
    response["Cache-Control"] = "private, no-store"
    return response


def _item(batch: int, item: int) -> IntakeItem:
    rows = IntakeItem.objects.defer("content").select_related("batch")
    return get_object_or_404(rows, pk=item, batch=batch)


@require_POST
def mend(request: HttpRequest, batch: int, item: int) -> HttpResponse:
    """Puts right what a form says, and leads back to the place; where it cannot be, says why there."""
    held = _item(batch, item)
    chosen = [one for name in ("pick", "row", "sure") for one in request.POST.getlist(name)]
    try:
        if request.GET.get("of", now := _standing(held)) != now:
            raise RefusedError(_("您打开这一页之后，这份文件已有改动，什么也没有记下。请看过现在的再改。"))
        rows = correct(held, request.POST.dict(), request.user.get_username(), chosen)
    except RefusedError as error:
        return _item_page(request, held, _form_of(held, request.POST), error)
    told = "；".join(words for words, _row in corrections_shown(rows))
    act = _("撤回更正") if request.POST.get("do") == "undo" else _("更正")
    record(request.user, f"{act}：{held}：{told}"[:2000], [(IntakeBatch, batch, str(held.batch))])
    messages.success(request, _("%(act)s已记下，正在照此重新读取：%(told)s") % {"act": act, "told": told})
    place = quote(request.POST.get("anchor", "") or request.POST.get("pick", "").rpartition("|")[0])
    return redirect(reverse("intake_item", args=[batch, item]) + (f"?at={place}#b-{place}" if place else ""))


def _standing(held: IntakeItem) -> str:
    """Whether somebody put the file away: a form that was opened before does not bring it back."""
    return "away" if held.state in (State.SET_ASIDE, State.REFUSED, State.FAILED) else "open"


def _form_of(held: IntakeItem, given: Mapping[str, str]) -> str:
    """Which form was refused: that of the facts, or of the block, which may have another place by now."""
    if given.get("do") == "facts":
        return "facts"
    anchors = {block["anchor"]: fingerprint(block["text"]) for block in held.preview.get("blocks", ())}
    same = [anchor for anchor, words in anchors.items() if words == given.get("words")]
    return given["anchor"] if given.get("anchor") in anchors else same[0] if len(same) == 1 else ""


@require_GET
def page_image(request: HttpRequest, batch: int, item: int, page: int) -> HttpResponse:
    """The image of a page of a file that nobody has published; drawn when it is asked for."""
    held = get_object_or_404(IntakeItem.objects.exclude(content=None), pk=item, batch=batch)
    sheets = held.preview.get("sheets", ())
    if not 0 < page <= min(len(sheets), MOST_PAGES):
        raise Http404
    try:
        (image,) = draw_pages(bytes(held.content or b""), [(page, sheets[page - 1][2])])
    except NotReadableError as error:
        raise Http404 from error
    response = HttpResponse(image, content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
def sidecar(request: HttpRequest, symbol: str) -> HttpResponse:
    """The sidecar with which the original of a document gives the document again, as it was put right."""
    document = _text_of(request, symbol)
    response = HttpResponse(sidecar_for(document), content_type="application/toml; charset=utf-8")
    name = quote(PurePath(document.source.name).with_suffix(SIDECAR).name)
    response["Content-Disposition"] = f"attachment; filename*=utf-8''{name}"
    return response


@require_POST
def take_out(request: HttpRequest, symbol: str) -> HttpResponse:
    """Brings the original of a document that is held to the desk, to be put right and published again."""
    try:
        batch = receiving.take_out(_text_of(request, symbol), request.user.get_username())
    except RefusedError as error:
        return _intake_page(request, str(error))
    record(request.user, _("取出更正"), [(IntakeBatch, batch.pk, str(batch))])
    told = _("已取出，正在读取。读完后在这里更正，再按“发布”；发布以前，库中的文字不变。")
    messages.success(request, told)
    return redirect("intake_item", batch.pk, batch.items.get().pk)


def _text_of(request: HttpRequest, symbol: str) -> Document:
    """The text of a document that an address of the desk means: in the ``language`` that it asks for."""
    language = request.GET.get("language") or FIRST
    if (held := Document.objects.filter(language=language).find(symbol)) is None:
        raise Http404(_("本库未藏这份文件。"))
    return held


def _item_page(
    request: HttpRequest, held: IntakeItem, mended: str, refused: RefusedError | None = None
) -> HttpResponse:
    batch, item = held.batch_id, held.pk
    kept = IntakeItem.objects.filter(pk=item).exclude(content=None).exists()
    acts = {
        name: act
        for name, act in ACTS.items()
        if not act.whole and held.state in act.of and (kept or act.to != State.WAITING)
    }
    others = IntakeItem.objects.filter(batch=batch).exclude(pk=item).only("name", "state", "batch_id")
    of = {"before__language": language} if (language := held.before.get("language")) else {}
    twins = others.filter(symbol=held.symbol, **of) if held.symbol else others.none()
    rest = IntakeItem.objects.filter(batch=batch, state=State.TO_CHECK, pk__gt=item).only("pk", "name")
    context = {
        "mended": mended,
        "kept": kept,
        "mend_url": f"{reverse('intake_mend', args=[batch, item])}?of={_standing(held)}",
        "pick": _("选中"),
        "open": kept and held.state in OPEN,
        "doubts_shown": mark_of([mark_of(asdict(one)) for one in settling(held.preview)])
        if is_read(held)
        else "",
        "kinds": [(str(kind), Paragraph.Kind(kind).label) for kind in KINDS],
        "corrections": [(words, row, mark_of(row)) for words, row in corrections_shown(held.corrections)],
        "item": held,
        "acts": acts,
        "read": shown_of(held, mended or request.GET.get("at", ""), request.GET.get("page", "")),
        "twins": list(twins[:20]),
        "next": rest.first(),
        "updates": held.outcome == Status.UPDATED,
        **_limits(),
        **_forms(held, mended, request.POST if refused else {}, refused),
    }
    return render(request, "desk/intake_item.html", context, status=400 if refused else 200)


def _forms(
    held: IntakeItem, mended: str, given: Mapping[str, str], refused: RefusedError | None
) -> dict[str, Any]:
    """The form that is open, filled with what is ``given``; what is wrong with it; and where no form is open
    any more, what was typed.
    """
    errors = refused.errors if isinstance(refused, WrongFieldsError) else {}
    block = next((one for one in held.preview.get("blocks", ()) if one["anchor"] == mended), None)
    guess = "" if is_read(held) else named_by(held.name)
    shown: dict[str, Any] = {"guess": guess, "refused": refused}
    open_ = mended == "facts" or not is_read(held)
    fields = shown["facts"] = fields_of_facts(held, given if open_ else {}, errors, guess)
    if open_:
        shown |= {"fields": fields, "shown": mark_of(held.preview.get("facts", {}))}
    elif block:
        *fields, split = fields_of_block(block, given, errors)
        text = block["text"] if block["kind"] != Paragraph.Kind.ROW else ""
        inside = [(at, number, text[at : at + 16]) for at, number in numbers_inside(text)]
        shown |= {"fields": fields, "split": split, "inside": inside, "shown": mark_of_block(block)}
        fields = [*fields, split]
    else:
        typed = ((name, given.get(name, "")) for name in ("number", "speaker", "text", "from"))
        shown["lost"] = [(corrected_name(name), value) for name, value in typed if value]
        fields = []
    wrong = [(field.id, field.label, field.error) for field in fields if field.error]
    wrong += [
        ("many", "", error) for name, error in errors.items() if name not in {one.name for one in fields}
    ]
    picked = given.getlist("pick") if isinstance(given, QueryDict) else []
    return {**shown, "wrong": wrong, "first": wrong[0][0] if wrong else "", "picked": picked}


@require_GET
def report(request: HttpRequest, batch: int) -> StreamingHttpResponse:
    """What became of each file of a batch, as CSV."""
    held = get_object_or_404(IntakeBatch, pk=batch)
    head = [_("文件名"), _("状态"), _("文号"), _("标题")]
    head += [_("疑点"), _("更正"), _("原因"), _("决定者"), "SHA-256"]
    rows = held.items.order_by("pk").values_list(
        *("name", "state", "symbol", "title", "doubts", "corrections", "reason", "by", "sha256")
    )
    labels = dict(State.choices)
    told = (
        [name, str(labels[state]), symbol, title, doubts, len(mended), *rest]
        for name, state, symbol, title, doubts, mended, *rest in rows.iterator(500)
    )
    return table_response(Table(f"intake-{held.pk}", head, told))


@require_POST
def act(request: HttpRequest, batch: int) -> HttpResponse:
    """Does an act with one file, or with the whole batch, once it is confirmed; until then asks."""
    held = get_object_or_404(IntakeBatch, pk=batch)
    name, chosen = request.POST.get("act", ""), request.POST.get("item", "")
    asked = ACTS.get(name)
    if asked is None or not (asked.whole or (chosen.isdecimal() and len(chosen) < 19)):
        raise Http404
    item = None if asked.whole else get_object_or_404(held.items.defer("content", "preview"), pk=chosen)
    rows, picked = _rows(held, name), set(request.POST.getlist("pick"))
    if item:
        rows = rows.filter(pk=item.pk, digest=item.digest)
    elif name == "publish_picked":
        rows = _picked(rows, picked)
        if "confirmed" in request.POST and rows.count() < len(picked):
            messages.warning(request, _("有的文件读出的内容后来有了改动，没有发布；请再看一遍。"))
    reason = request.POST.get("reason", "").strip()[:2000]
    error, status = "", 200
    stale = item is not None and request.POST.get("seen") != item.digest
    if stale:
        error, status = _("您打开这份文件之后，读出的内容已有改动；请看过现在的再决定。"), 409
    elif "confirmed" in request.POST:
        if reason or not asked.asks:
            return _do(request, held, item, asked, rows, reason)
        error, status = _("请写明原因。"), 400
    context: dict[str, Any] = {"batch": held, "item": item, "act": asked, "name": name, "error": error}
    context["count"] = rows.count()
    if name == "publish_picked":
        context["picked"] = [(one, doubts_of(one)) for one in rows.defer("content")]
    return render(request, "desk/intake_confirm.html", {**context, "stale": stale}, status=status)


def _do(
    request: HttpRequest,
    batch: IntakeBatch,
    item: IntakeItem | None,
    asked: Act,
    rows: QuerySet[IntakeItem],
    reason: str,
) -> HttpResponse:
    user: Any = request.user
    decided = {"state": asked.to, "by": user.get_username(), "reason": reason, "changed": timezone.now()}
    with transaction.atomic():
        done = rows.order_by().update(**decided, tries=0)
        if done:
            what = str(item) if item else _("%(count)d份") % {"count": done}
            told = _("%(act)s：%(what)s") % {"act": asked.label, "what": what}
            record(user, f"{told}；{reason}" if reason else told, [(IntakeBatch, batch.pk, str(batch))])
    if done:
        messages.success(request, _("%(act)s：%(count)d份，已记下。") % {"act": asked.label, "count": done})
    else:
        messages.warning(request, _("没有可以%(act)s的文件：可能刚刚已由别人处理。") % {"act": asked.label})
    return redirect("intake_item", batch.pk, item.pk) if item else redirect("intake_batch", batch.pk)


def _picked(rows: QuerySet[IntakeItem], picked: Collection[str]) -> QuerySet[IntakeItem]:
    """The rows that a form names with the digest of what was read of them, as it still is."""
    found = [(key, digest) for key, digest in rows.values_list("pk", "digest") if f"{key}|{digest}" in picked]
    return rows.filter(pk__in=[key for key, _digest in found], digest__in=[digest for _key, digest in found])


def _rows(batch: IntakeBatch, name: str) -> QuerySet[IntakeItem]:
    """The files of a batch that an act concerns."""
    rows = batch.items.filter(state__in=ACTS[name].of).order_by("pk")
    if name == "publish_all":
        open_ = batch.items.filter(state__in=(State.TO_CHECK, State.ACCEPTED, State.WAITING))
        named = Counter(open_.order_by().values_list("symbol", "before__language"))
        texts = rows.values_list("pk", "symbol", "before__language")
        return rows.filter(
            doubts=0, outcome=Status.CREATED, pk__in=[key for key, *text in texts if named[*text] == 1]
        )
    if name == "undo":
        return rows.filter(Q(outcome=Status.CREATED) | Q(outcome=Status.UPDATED, before__has_key="source"))
    if name == "restore":
        return rows.filter(outcome=Status.CREATED)
    if name == "reread":
        return rows.exclude(content=None)
    return rows
