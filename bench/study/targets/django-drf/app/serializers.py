from rest_framework import serializers

from app.models import Item


class ItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = ["id", "name", "description", "price"]
        # Text is kept as it was sent; PUT replaces the whole record, so a description left out becomes null.
        extra_kwargs = {
            "name": {"allow_blank": True, "trim_whitespace": False},
            "description": {"allow_blank": True, "trim_whitespace": False, "default": None},
        }
