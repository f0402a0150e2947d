"""Texts of Django and allauth that people see and that those libraries don't have in Khmer."""

from django.utils.translation import ngettext_lazy

from spean.kernel.errors import N_

FORMS = (
    N_("This field is required."),
    N_("Enter a valid value."),
    N_("Enter a whole number."),
    N_("Enter a number."),
    N_("Enter a valid date."),
    N_("Enter a valid URL."),
    N_("Enter a valid email address."),
    N_("Enter a valid phone number."),
    N_("Enter a valid UUID."),
    N_("Enter a list of values."),
    N_("Select a valid choice. %(value)s is not one of the available choices."),
    N_("Select a valid choice. That choice is not one of the available choices."),
    N_("Ensure this value is less than or equal to %(limit_value)s."),
    N_("Ensure this value is greater than or equal to %(limit_value)s."),
    N_("Null characters are not allowed."),
    N_("No file was submitted. Check the encoding type on the form."),
    N_("No file was submitted."),
    N_("The submitted file is empty."),
    N_("%(model_name)s with this %(field_label)s already exists."),
    N_(
        "ManagementForm data is missing or has been tampered with. "
        "Missing fields: %(field_names)s. You may need to file a bug report if the issue persists."
    ),
)
ACCOUNTS = (
    N_("The username and/or password you specified are not correct."),
    N_("This account is currently inactive."),
    N_("Please type your current password."),
    N_("Incorrect code."),
    N_("Incorrect password."),
    N_("Too many failed login attempts. Try again later."),
    N_("You must type the same password each time."),
    N_("Be patient, you are sending too many requests."),
    N_("The new value must be different from the current one."),
    N_("You cannot deactivate two-factor authentication."),
    N_("You cannot generate recovery codes without having two-factor authentication enabled."),
    N_("Use your password"),
    N_("Use authenticator app or code"),
    N_("This password is too common."),
    N_("This password is entirely numeric."),
    N_("The password is too similar to the %(verbose_name)s."),
)
COUNTED = (
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
