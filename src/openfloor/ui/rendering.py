"""How Django's forms draw themselves on our pages: label, help, field, then what is wrong with it."""

from django.forms.renderers import DjangoTemplates


class PageRenderer(DjangoTemplates):
    form_template_name = "ui/_form.html"
    field_template_name = "ui/_field.html"
