"""The lists from which clerks choose; each reason has a code that reports can count."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The poverty levels, from the poorest."""

    POOR_1 = "poor_1", _("Poor level 1")
    POOR_2 = "poor_2", _("Poor level 2")
    AT_RISK = "at_risk", _("At risk")
    NOT_POOR = "not_poor", _("Not poor")


class Origin(models.TextChoices):
    """Why an assessment was opened."""

    ON_DEMAND = "on_demand", _("The household asked for it")
    ROUND = "round", _("Round of the village")
    RENEWAL = "renewal", _("Renewal before the status ends")
    COMPLAINT = "complaint", _("Complaint upheld")
    REINTERVIEW = "reinterview", _("New interview ordered by the district")
    IMPORTED = "imported", _("Taken over from another system")


class RequestChannel(models.TextChoices):
    """How a household asked to be assessed."""

    VILLAGE_CHIEF = "village_chief", _("Village chief")
    COMMUNE_COUNCILLOR = "commune_councillor", _("Commune councillor")
    COMMUNE_OFFICE = "commune_office", _("Commune office")
    DESIGNATED_NGO = "designated_ngo", _("Designated organisation")
    HOME = "home", _("At home, when the enumerator came")
    HEALTH_FACILITY = "health_facility", _("Health facility that found it poor")
    SYSTEM = "system", _("Not asked by the household")


class RefusalReason(models.TextChoices):
    """Why a request is not taken up. Being well off is not one: only the scorecard says so."""

    NOT_RESIDENT = "not_resident", _("The household does not live in this village")
    ASSESSED_RECENTLY = "assessed_recently", _("Assessed recently and nothing has changed")
    NOT_A_HOUSEHOLD = "not_a_household", _("The people do not live and eat together")
    NOT_FOUND = "not_found", _("Not met at home after repeated visits")
    OTHER = "other", _("Another reason")


class ClosingReason(models.TextChoices):
    """Why an assessment ended without a decision."""

    HOUSEHOLD_ASKED = "household_asked", _("The household withdrew its request")
    HOUSEHOLD_MERGED = "household_merged", _("The household joined another")
    HOUSEHOLD_DISSOLVED = "household_dissolved", _("The household no longer exists")
    ROUND_CLOSED = "round_closed", _("Not interviewed before the round closed")


class Opinion(models.TextChoices):
    """What the village representatives say of the scored level."""

    AGREES = "agrees", _("Agrees with the scored level")
    PROPOSES_OTHER = "proposes_other", _("Proposes another level")


class Circumstance(models.TextChoices):
    """Special circumstances that points don't see and that may move a household's level."""

    DISASTER = "disaster", _("Disaster or lost harvest")
    ILLNESS = "illness", _("Serious illness or disability")
    DEBT = "debt", _("Heavy debt")
    ORPHANS = "orphans", _("Orphans in the household")
    ELDERLY_ALONE = "elderly_alone", _("Elderly people living alone")
    SINGLE_HEAD = "single_head", _("One adult caring for children alone")
    RELOCATED = "relocated", _("Relocated by the authorities")
    HIDDEN_MEANS = "hidden_means", _("Means that the interview did not show")
    OTHER = "other", _("Another circumstance")


class CheckOutcome(models.TextChoices):
    """What the district says of the council's decision."""

    CONFIRMED = "confirmed", _("Confirm the decision")
    TO_INTERVIEW = "to_interview", _("Send back to the interview")
    TO_COUNCIL = "to_council", _("Send back to the commune council")


class Attention(models.TextChoices):
    """What happened to the household while its assessment was open."""

    NONE = "", _("Nothing")
    MEMBERS_CHANGED = "members_changed", _("Its members changed after the interview")
    MOVED = "moved", _("It moved to another village")


class ComplaintKind(models.TextChoices):
    """What a complaint is about."""

    EXCLUSION = "exclusion", _("A poor household was left out or rated too high")
    INCLUSION = "inclusion", _("A better-off household was included")
    LOST_CARD = "lost_card", _("A card is lost, damaged or wrong")
    STAFF = "staff", _("The behaviour of staff or officials")
    OTHER = "other", _("Another matter")


class ComplaintChannel(models.TextChoices):
    """The five ways to complain (idpoor.gov.kh, frequently asked questions)."""

    COMMUNE_VERBAL = "commune_verbal", _("By word at the commune")
    PROVINCE_VERBAL = "province_verbal", _("By word at the provincial department of planning")
    PAPER_FORM = "paper_form", _("On the paper form")
    APP = "app", _("By the public app")
    WEBSITE = "website", _("On the website")


class ComplaintState(models.TextChoices):
    """Where a complaint stands."""

    OPEN = "open", _("Waiting for an answer")
    UPHELD = "upheld", _("Upheld")
    REJECTED = "rejected", _("Not upheld")


class Remedy(models.TextChoices):
    """What follows from a complaint's answer."""

    NONE = "none", _("Nothing changes")
    INTERVIEW = "interview", _("A new interview")
    COUNCIL = "council", _("A new decision of the commune council")
    NEW_CARD = "new_card", _("A new card in place of the old")
    OTHER = "other", _("Another remedy, written in the answer")


class RoundState(models.TextChoices):
    """Where a round of interviews stands."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
