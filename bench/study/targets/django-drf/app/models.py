from django.db import models


class Item(models.Model):
    name = models.CharField()
    description = models.CharField(null=True)
    price = models.FloatField()

    class Meta:
        db_table = "items"
        ordering = ["id"]
