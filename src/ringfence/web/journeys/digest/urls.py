"""Addresses of one's own daily digest."""

from django.urls import URLPattern, path

from . import stop, yours

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/your-account/daily-digest", yours.digest, name="your-digest"),
    path("firms/<number:firm>/your-account/daily-digest/so-far", yours.so_far, name="digest-so-far"),
    path("firms/<number:firm>/clients/<number:number>/daily-digest", yours.of_client, name="client-digest"),
    path("daily-digest/stop/<str:key>", stop.stop, name="stop-digest"),
]
