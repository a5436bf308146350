"""The pages of those who tell us something. They set no cookie: so no form here can be protected
by one, and each carries a seal instead (`protection`)."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from ..models import Correction, EntryLink
from ..models.corrections import ADDRESS_KEPT, PROMISED
from ..profile import Profile
from ..views import EntryView
from . import links, protection
from .forms import ChangedForm, ClosedForm, CorrectionForm, SuggestionForm, is_first
from .links import link_of
from .protection import Seal
from .receiving import receive
from .subjects import SUBJECTS, boxes


class Page(View):
    """A page for one person: nothing keeps a copy of it, and no search engine lists it."""

    http_method_names = ["get", "head", "post"]
    template_name = None

    def dispatch(self, request, *args, **kwargs):
        if protection.is_too_large(request):
            return HttpResponse(status=413)
        return self.guarded(super().dispatch(request, *args, **kwargs))

    def guarded(self, response):
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def answer(self, status=200, **context):
        told = {"promised": PROMISED, "address_kept": ADDRESS_KEPT, **context}
        return render(self.request, self.template_name, told, status=status)

    def sealed(self, form_class, seal, is_sent, **kwargs):
        """A form of this class: a new one with this seal, or the one that was sent with its own."""
        if not is_sent:
            return form_class(seal=seal, **kwargs)
        own = Seal.read(self.request.POST.get("seal", ""), seal.page)
        return form_class(self.request.POST, seal=own or seal, is_known=own is not None, **kwargs)

    def receive(self, form, association=None, **told):
        """The way to the page of the message; None where the form is to be shown again."""
        if not form.is_valid():
            return None
        if protection.is_too_often(self.request, form.cleaned_data["email"]):
            form.add_error(
                None,
                _(
                    "More messages than usual have come in. What you typed is still here: send it"
                    " again tomorrow."
                ),
            )
            return None
        return receive(form, self.request, association, **told)


@method_decorator(csrf_exempt, name="dispatch")
class CorrectionPage(Page, EntryView):
    """Something is wrong with an entry: anybody may say so."""

    template_name = "associations/correction.html"

    def post(self, request, slug):
        association = self.find(slug)
        if association is None or not association.is_public:
            raise Http404
        return self.show(association)

    def show(self, association):
        shown = [box.sealed() for box in boxes(Profile(association))]
        seal = Seal(f"entry {association.pk}", shown)
        is_sent = self.request.method == "POST"
        form = self.sealed(CorrectionForm, seal, is_sent, first=is_first(self.request.GET))
        if form.is_bound and (correction := self.receive(form, association)):
            return redirect("associations:correction_status", correction.secret)
        status = 400 if form.is_bound else 200
        return self.answer(status, association=association, form=form)


@method_decorator(csrf_exempt, name="dispatch")
class SuggestionPage(Page):
    """An association is missing: anybody may say so."""

    template_name = "associations/suggestion.html"

    def get(self, request):
        name = request.GET.get("name", "")[:200]
        return self.answer(form=self.form(False, initial={"name": name}))

    def form(self, is_sent, **kwargs):
        return self.sealed(SuggestionForm, Seal("suggestion", []), is_sent, **kwargs)

    def post(self, request):
        form = self.form(True)
        if correction := self.receive(form, matter=Correction.Matter.SUGGESTION):
            return redirect("associations:correction_status", correction.secret)
        return self.answer(400, form=form)


class Secret(Page):
    """A page for who has its address: neither kept nor told to other sites."""

    def guarded(self, response):
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return super().guarded(response)


class CorrectionStatus(Secret):
    """What became of a message. Nothing that its sender typed is on it."""

    template_name = "associations/correction_status.html"

    def get(self, request, secret):
        messages = Correction.objects.select_related("association__card")
        correction = messages.filter(secret=secret).first()
        if correction is None:
            raise Http404
        outcomes = [
            (SUBJECTS[proposal.subject].general_label, proposal.get_outcome_display())
            for proposal in correction.proposals.all()
        ]
        return self.answer(correction=correction, outcomes=outcomes)


@method_decorator(csrf_exempt, name="dispatch")
class OwnEntry(Secret):
    """An association reads its entry and answers, once: all right, changed, closed.

    To read it answers nothing: programs that look at mail open each address in it.
    """

    template_name = "associations/own_entry.html"
    forms = {
        EntryLink.Answer.RIGHT: protection.SealedForm,
        EntryLink.Answer.CHANGED: ChangedForm,
        EntryLink.Answer.CLOSED: ClosedForm,
    }

    def setup(self, request, token):
        super().setup(request, token=token)
        self.link = link_of(token)

    def dispatch(self, request, token):
        if self.link is None or not self.link.is_usable():
            return self.unusable()
        self.profile = Profile(self.link.association)
        return super().dispatch(request, token)

    def unusable(self):
        """What is told of a link that was answered by already, and of one that opens nothing."""
        is_answered = self.link is not None and self.link.answer
        return self.guarded(self.answer(200 if is_answered else 410, link=self.link))

    def get(self, request, token):
        return self.show()

    def post(self, request, token):
        answer = request.POST.get("answer")
        form = self.form(answer, is_sent=True) if answer in self.forms else None
        if form is None or not form.is_valid():
            return self.show(400, form, answer)
        try:
            if answer == EntryLink.Answer.RIGHT:
                links.all_right(self.link, form.seal.shown)
                return redirect(request.path)
            correction = links.tell(self.link, answer, form, request)
        except links.AnsweredAlready:
            return redirect(request.path)
        except links.ChangedMeanwhile:
            return self.show(409)
        return redirect("associations:correction_status", correction.secret)

    def show(self, status=200, sent=None, answer=None):
        """The entry and the three answers; the one that was `sent` with what is wrong in it."""
        told = {kind.value: self.form(kind) for kind in self.forms}
        if sent is not None:
            told[answer] = sent
        return self.answer(
            status,
            link=self.link,
            profile=self.profile,
            facts=[(box.label, box.text) for box in self.boxes if box.fact],
            is_changed_meanwhile=status == 409,
            **told,
        )

    @cached_property
    def boxes(self):
        return boxes(self.profile)

    def form(self, answer, is_sent=False):
        seal = Seal(f"link {self.link.pk}", [box.sealed() for box in self.boxes])
        return self.sealed(self.forms[answer], seal, is_sent, auto_id=f"{answer}-%s")
