"""The journeys that people make through pages, one folder each; none imports another."""

from django.urls import register_converter

from ringfence.web.shell.untrusted import NumberInAddress

# Here, so that it is known before the addresses of any journey are read.
register_converter(NumberInAddress, "number")
