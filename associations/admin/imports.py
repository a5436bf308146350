"""Imports: a file is uploaded, its columns are named, its rows are looked at, then written."""

import csv
from io import StringIO

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from ..importing import COLUMNS, UnreadableFile, jobs
from ..importing.answers import ANSWERS
from ..importing.matching import NEW
from ..models import Association, ImportJob, ImportRow
from .forged import KEY
from .import_columns import ColumnsForm, label
from .import_rows import shown_rows, unknown_values
from .tables import Desk

State, Outcome = ImportJob.State, ImportRow.Outcome
# The outcomes that are shown where none is asked for: what is the same already is only counted.
WORTH_A_LOOK = [o for o in Outcome if o not in (Outcome.SAME, Outcome.CONFIRMED)]
PAGE = 50
OF_LATE = 5


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with commas, semicolons or tabs in any usual encoding, XLSX or ODS; a header in"
            " Italian, English, German or French."
        ),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


@admin.register(ImportJob)
class ImportJobAdmin(Desk):
    list_display = ["file_name", "uploaded_at", "user", "state", "rows", "told"]
    list_display_links = ["file_name"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).of_late()

    def has_change_permission(self, request, obj=None):
        return self.has_add_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def has_publish_permission(self, request):
        return request.user.has_perm("associations.publish_association")

    @admin.display(description=gettext_lazy("what it did"))
    def told(self, job):
        return ", ".join(f"{name}: {number}" for name, number in written(job))

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/", view(self.job), name="associations_importjob_job"),
            path("<int:pk>/columns/", view(self.columns), name="associations_importjob_columns"),
            path("<int:pk>/wrong.csv", view(self.wrong), name="associations_importjob_wrong"),
            path("<int:pk>/undo/", view(self.undo), name="associations_importjob_undo"),
            path("template.csv", view(self.template), name="associations_importjob_template"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, *args, **kwargs):
        """The list of imports leads here: on to the page of the job."""
        job = get_object_or_404(self.get_queryset(request), pk=(keys([object_id]) or [0])[0])
        return redirect("admin:associations_importjob_job", job.pk)

    # a file

    def add_view(self, request, *args, **kwargs):
        self._may_import(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                if file.size > jobs.MOST_BYTES:
                    raise UnreadableFile(jobs.too_large())
                job = jobs.receive(file.read(), file.name, request.user)
            except UnreadableFile as error:
                form.add_error("file", str(error))
            else:
                return redirect("admin:associations_importjob_columns", job.pk)
        return self._page(request, "upload", _("Import a file"), form=form)

    def template(self, request):
        """A file with nothing but the header: every column that an import knows."""
        self._may_import(request)
        return _download(",".join(COLUMNS) + "\r\n", "template.csv")

    # its columns

    def columns(self, request, pk):
        self._may_import(request)
        job = get_object_or_404(ImportJob, pk=pk)
        if job.state not in jobs.MAPPABLE:
            return redirect("admin:associations_importjob_job", pk)
        form = ColumnsForm(job, request.POST or None)
        if request.method == "POST" and form.is_valid():
            if jobs.map_columns(job, form.mapping, form.defaults):
                jobs.start(job)
            return redirect("admin:associations_importjob_job", pk)
        return self._page(
            request,
            "columns",
            _("What the columns are"),
            job=job,
            form=form,
            same=ImportJob.objects.without_file().of_the_same_file(job).first(),
        )

    # its rows

    def job(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = get_object_or_404(ImportJob.objects.of_late(), pk=pk)
        if job.state == State.UPLOADED:
            return redirect("admin:associations_importjob_columns", pk)
        if request.method == "POST":
            self._may_import(request)
            return self._decide(request, job)
        jobs.take_up_again(job)
        if job.is_at_work:
            template = "_progress" if request.htmx else "progress"
            return self._page(request, template, str(job), job=job)
        if request.htmx:
            return HttpResponseClientRefresh()
        if job.state == State.PREVIEWED:
            return self._preview(request, job)
        return self._page(
            request,
            "result",
            str(job),
            job=job,
            rows=rows_by_outcome(job),
            confederations=job.report.get("written", {}).get("confederations", 0),
            to_mend=job.state == State.DONE and job.lines.exists(),
            may_undo=job.state == State.DONE and self._may_undo(request, job),
        )

    def _preview(self, request, job):
        counts = job.lines.counts()
        outcome = request.GET.get("outcome", "")
        outcomes = [outcome] if outcome in Outcome.values else WORTH_A_LOOK
        lines = job.lines.filter(outcome__in=outcomes)
        if request.GET.get("meanwhile"):
            lines = job.lines.filter(has_changed_meanwhile=True)
        elif request.GET.get("noted"):
            lines = job.lines.noted()
        page = Paginator(lines.order_by("line", "pk"), PAGE).get_page(request.GET.get("page"))
        return self._page(
            request,
            "preview",
            str(job),
            job=job,
            page_obj=page,
            rows=shown_rows(page),
            outcomes=[
                (each.value, capfirst(each.label), counts[each], each == outcome)
                for each in Outcome
                if each in counts
            ],
            outcome=outcome,
            is_tickable=bool(set(outcomes) & set(jobs.TICKABLE)),
            number=job.lines.to_be_written().count(),
            meanwhile=job.lines.filter(has_changed_meanwhile=True).count(),
            noted=job.lines.noted().count(),
            shows_noted="noted" in request.GET,
            doubtful=counts.get(Outcome.DOUBTFUL, 0),
            unknown=unknown_values(job.lines.filter(outcome=Outcome.DOUBTFUL)),
            wrong=counts.get(Outcome.WRONG, 0),
            may_publish=self.has_publish_permission(request),
            may_import=self.has_add_permission(request),
        )

    def _decide(self, request, job):
        """Keep what was ticked and chosen on the page; then what the button says."""
        here = redirect(request.get_full_path())
        if job.state != State.PREVIEWED:
            messages.warning(request, _("This import was decided upon already."))
            return here
        then, _colon, which = request.POST.get("then", "").partition(":")
        self._keep_choices(request, job)
        if then == "page" and which.isdecimal():
            query = request.GET.copy()
            query["page"] = which
            return redirect(f"{request.path}?{query.urlencode()}")
        if then in ("tick", "untick"):
            outcomes = [which] if which in jobs.TICKABLE else jobs.TICKABLE
            lines = job.lines.filter(outcome__in=self._tickable(request, outcomes))
            lines.update(is_ticked=then == "tick")
        elif then == "confirm":
            return self._confirm(request, job)
        elif then in ("answer", "ask"):
            answers = self._answers(request, job) if then == "answer" else {}
            if answers != job.answers and jobs.answer(job, answers):
                jobs.start(job)
        else:
            messages.success(request, _("Kept. Nothing is written yet."))
        return here

    def _answers(self, request, job):
        """What was said so far of values that are not known, and what the page says now."""
        answers = {column: dict(said) for column, said in job.answers.items()}
        for name, said in request.POST.items():
            kind, _colon, rest = name.partition(":")
            column, _colon, value = rest.partition(":")
            if kind == "answer" and said in ANSWERS.get(column, ()):
                answers.setdefault(column, {})[value] = said
            elif kind == "entry" and column == "confederation" and said.strip():
                slug = said.replace("\0", "").strip()
                if entry := Association.objects.filter(slug=slug).first():
                    answers.setdefault(column, {})[value] = str(entry.pk)
                else:
                    messages.error(request, _("There is no entry with the address “%s”.") % slug)
        return answers

    def _tickable(self, request, outcomes):
        """Those of these outcomes whose rows this person may have written."""
        closes = self.has_publish_permission(request)
        return [outcome for outcome in outcomes if closes or outcome != Outcome.GONE]

    def _keep_choices(self, request, job):
        shown = keys(request.POST.getlist("shown"))[:PAGE]
        ticked = keys(request.POST.getlist("tick"))
        mine = job.lines.filter(pk__in=shown)
        tickable = mine.filter(outcome__in=self._tickable(request, jobs.TICKABLE))
        tickable.filter(pk__in=ticked).exclude(is_ticked=True).update(is_ticked=True)
        tickable.exclude(pk__in=ticked).exclude(is_ticked=False).update(is_ticked=False)
        choices = {}
        for line in mine:
            chosen = request.POST.get(f"choice-{line.pk}", "")
            slug = request.POST.get(f"other-{line.pk}", "").replace("\0", "").strip()
            if chosen == "other" and slug:
                entry = Association.objects.filter(slug=slug).first()
                if entry is None:
                    messages.error(request, _("There is no entry with the address “%s”.") % slug)
                elif line.outcome == Outcome.DOUBTFUL or line.choice:
                    choices[line.pk] = str(entry.pk)
            offered = {NEW, *(str(key) for key, _reason in line.candidates)}
            if chosen in offered and chosen != line.choice:
                choices[line.pk] = chosen
        jobs.decide(job, mine, choices)

    def _confirm(self, request, job):
        publishes = request.POST.get("publishes") == "yes"
        if publishes and not self.has_publish_permission(request):
            raise PermissionDenied
        if not self.has_publish_permission(request):
            job.lines.filter(outcome=Outcome.GONE).update(is_ticked=False)
        if not job.lines.to_be_written().exists():
            messages.warning(request, _("No row is ticked: there is nothing to write."))
        elif jobs.begin_to_confirm(job, publishes, request.user):
            jobs.start(job)
            job.refresh_from_db(fields=["state"])
            if job.state == State.PREVIEWED:
                messages.warning(
                    request,
                    _("Nothing was written: some of it has changed meanwhile. Look at it again."),
                )
                return redirect(f"{request.path}?meanwhile=yes")
        return redirect(request.path)

    def wrong(self, request, pk):
        """The wrong rows and the doubtful ones, to be mended and imported by themselves."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = get_object_or_404(ImportJob, pk=pk)
        text = StringIO()
        csv.writer(text).writerows(map(guarded, row) for row in jobs.rows_to_mend(job, label))
        return _download(text.getvalue(), "wrong.csv")

    # afterwards

    def undo(self, request, pk):
        """Take it back. Who comes by a link, as after signing in anew, sees it with its button."""
        job = get_object_or_404(ImportJob.objects.without_file(), pk=pk)
        if not self._may_undo(request, job):
            raise PermissionDenied
        if request.method == "POST" and jobs.begin_to_undo(job, request.user):
            jobs.start(job)
        return redirect("admin:associations_importjob_job", pk)

    def _may_undo(self, request, job):
        """Publishers; others what they wrote themselves as drafts, so that none deletes more."""
        if not self.has_add_permission(request):
            return False
        is_own = job.confirmed_by_id == request.user.pk and not job.publishes
        return is_own or self.has_publish_permission(request)

    def _may_import(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _page(self, request, name, title, **context):
        return TemplateResponse(
            request,
            f"admin/associations/importjob/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": title,
                **context,
            },
        )


def of_late(request):
    """The newest imports, for those who may see them."""
    may_see = request.user.has_perm("associations.view_importjob")
    return ImportJob.objects.of_late()[:OF_LATE] if may_see else []


def written(job):
    """`(what, how many rows)` of what an import did."""
    told = job.report.get("written", {})
    return [(o.label, told[o]) for o in Outcome if o in told]


def rows_by_outcome(job):
    """`(what, how many rows there were, how many of them were written)` of what an import did."""
    there, told = job.report.get("rows", {}), job.report.get("written", {})
    return [(o.label, there.get(o, 0), told.get(o, 0)) for o in Outcome if o in there]


def keys(values):
    """Those of the values that a form sent that can be keys."""
    return [int(value) for value in values if value and KEY.fullmatch(value)]


def guarded(cell):
    """A cell that no program takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _download(text, name):
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
