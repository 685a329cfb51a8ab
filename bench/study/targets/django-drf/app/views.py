from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from app.models import Item
from app.serializers import ItemSerializer


@api_view(["GET"])
def hello(request: Request) -> Response:
    return Response({"message": "Hello, World!"})


@api_view(["POST"])
def echo(request: Request) -> Response:
    return Response(request.data)


class ItemViewSet(ModelViewSet):
    queryset = Item.objects.all()
    serializer_class = ItemSerializer
