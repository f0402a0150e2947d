"""Addresses of the pages of mothers and children."""

from django.urls import path

from spean.maternal_child.pages import (
    card,
    children,
    contraindications,
    deaths,
    due,
    mothers,
    register,
    visits,
)

app_name = "maternal_child"
HOUSEHOLD = "households/<uuid:household_id>"
PERSON, PREGNANCY = "care/people/<uuid:person_id>", "care/pregnancies/<uuid:pregnancy_id>"
CHILD, DEATH = "care/children/<uuid:person_id>", "care/deaths/<uuid:death_id>"
AGAINST = f"{CHILD}/contraindication/<uuid:contraindication_id>"

urlpatterns = [
    path("visits", visits.visits, name="visits"),
    path("visits/<uuid:visit_id>", visits.visit, name="visit"),
    path("visits/<uuid:visit_id>/withdraw", visits.withdraw, name="withdraw_visit"),
    path(f"{HOUSEHOLD}/visits", visits.household_visits, name="household_visits"),
    path(f"{HOUSEHOLD}/visits/new", visits.record, name="record"),
    path("care/due", due.due, name="due"),
    path("care/register", register.register, name="register"),
    path(f"{HOUSEHOLD}/care", due.household, name="care"),
    path(f"{PERSON}/pregnancy", mothers.begin, name="begin_pregnancy"),
    path(PREGNANCY, mothers.pregnancy, name="pregnancy"),
    path(f"{PREGNANCY}/contact", mothers.contact, name="mother_contact"),
    path(f"{PREGNANCY}/birth", mothers.birth, name="birth"),
    path(f"{PREGNANCY}/end", mothers.end, name="end_pregnancy"),
    path(f"{PREGNANCY}/end/withdraw", mothers.withdraw_end, name="withdraw_end"),
    path(CHILD, children.child, name="child"),
    path(f"{CHILD}/contact", children.contact, name="child_contact"),
    path(f"{CHILD}/doses", children.doses, name="doses"),
    path(f"{CHILD}/doses/<uuid:dose_id>/withdraw", children.withdraw, name="withdraw_dose"),
    path(f"{CHILD}/contraindication", contraindications.record, name="contraindication"),
    path(f"{AGAINST}/end", contraindications.end, name="end_contraindication"),
    path(f"{AGAINST}/withdraw", contraindications.withdraw, name="withdraw_contraindication"),
    path(f"{CHILD}/treatment", children.admit, name="admit"),
    path(f"{CHILD}/treatment/<uuid:treatment_id>", children.discharge, name="discharge"),
    path(f"{PERSON}/card.pdf", card.care_card, name="card"),
    path("care/contacts/<uuid:contact_id>", children.one_contact, name="contact"),
    path(
        "care/contacts/<uuid:contact_id>/withdraw",
        children.withdraw_contact,
        name="withdraw_contact",
    ),
    path(f"{PERSON}/death", deaths.notify, name="notify_death"),
    path("care/deaths", deaths.deaths, name="deaths"),
    path(DEATH, deaths.death, name="death"),
    path(f"{DEATH}/review", deaths.review, name="review_death"),
]
