"""Paths written out: DRF's router would want /items/1/ and answer PUT /items/1 with a redirect."""

from django.urls import path

from app.views import ItemViewSet, echo, hello

urlpatterns = [
    path("hello", hello),
    path("echo", echo),
    path("items/", ItemViewSet.as_view({"get": "list", "post": "create"})),
    path("items/<int:pk>", ItemViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"})),
]
