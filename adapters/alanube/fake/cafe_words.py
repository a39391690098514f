"""The Spanish words of the CAFE for the DGI's codes."""

from core.codes import (
    DocumentType,
    EmissionType,
    ItbmsRate,
    OperationNature,
    PaymentForm,
    PaymentTime,
    ReceiverType,
    RetentionCode,
)

DOCUMENT_TITLES = {str(each): each.label_es for each in DocumentType}
EMISSIONS = {str(each): each.label_es for each in EmissionType}
NATURES = {str(each): each.label_es for each in OperationNature}
RECEIVERS = {str(each): each.label_es for each in ReceiverType}
PAYMENT_FORMS = {str(each): each.label_es for each in PaymentForm}
PAYMENT_TIMES = {int(each): each.label_es for each in PaymentTime}
RETENTIONS = {str(each): each.label_es for each in RetentionCode}
ITBMS_LABELS = {str(each): "Exento" if each is ItbmsRate.EXEMPT else f"{each.fraction:.0%}" for each in ItbmsRate}
