"""Addresses of access reviews: the list, starting one, reviewing, and its date and end."""

from django.urls import URLPattern, path

from . import checking, deciding, ending, listing, review, starting, stopping

REVIEWS = "firms/<number:firm>/reviews"
ONE = f"{REVIEWS}/<number:number>"

urlpatterns: list[URLPattern] = [
    path(REVIEWS, listing.reviews, name="reviews"),
    path(f"{REVIEWS}/start", starting.start, name="start-review"),
    path(f"{REVIEWS}/start/check", checking.check, name="start-review-check"),
    path(f"{REVIEWS}/start/<slug:question>", starting.question, name="start-review-question"),
    path(f"{REVIEWS}/scheduled/<number:number>/stop", stopping.stop, name="stop-review-schedule"),
    path(ONE, review.review, name="review"),
    path(f"{ONE}/decide", deciding.decide, name="decide-review"),
    path(f"{ONE}/extend", ending.extend, name="extend-review"),
    path(f"{ONE}/close", ending.close, name="close-review"),
]
