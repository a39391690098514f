#!/bin/sh
# An invoice whose answer is lost, found again, authorised and voided, with curl alone.
# Start `istmo fake-pac --port 8090` first; FAKE and TOKEN name another one.
set -eu

FAKE="${FAKE:-http://127.0.0.1:8090}"
TOKEN="${TOKEN:-fake-pac-token}"
HERE="$(dirname "$0")"
PDF="$(mktemp)"
trap 'rm -f "$PDF"' EXIT

call() { curl -sS --noproxy '*' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$@"; }
field() { sed -E "s/.*\"$1\":\"([^\"]+)\".*/\\1/"; }
expect() { case "$2" in *"$3"*) echo "ok   $1" ;; *) echo "FAIL $1: $2" >&2; exit 1 ;; esac; }

call -o /dev/null "$FAKE/_fake/reset" -d '{}'

# The PAC accepts the first invoice, but the connection breaks before the answer.
call -o /dev/null "$FAKE/_fake/faults" -d '{"rules": [{"kind": "drop_after_accept", "nth": [1]}]}'
if call "$FAKE/pan/v1/invoices" -d @"$HERE/invoice.json" 2>/dev/null; then
    echo "FAIL the answer should have been lost" >&2
    exit 1
fi
echo "ok   the answer was lost"

# Sending it again is what a careless client does: the number is taken.
expect "the number is taken" "$(call "$FAKE/pan/v1/invoices" -d @"$HERE/invoice.json")" '"code":"1002"'

# The fake shows what it holds: one invoice.
DOCUMENT="$(call "$FAKE/_fake/documents" | field id)"
expect "the invoice is there" "$(call "$FAKE/pan/v1/invoices/$DOCUMENT")" "\"id\":\"$DOCUMENT\""

# Two seconds later, at once, the DGI has decided.
call -o /dev/null "$FAKE/_fake/clock/advance" -d '{"seconds": 2}'
SHOWN="$(call "$FAKE/pan/v1/invoices/$DOCUMENT?documents=pdf")"
expect "the DGI authorised it" "$SHOWN" '"legalStatus":"DGI_AUTHORIZED"'
expect "it has its CUFE" "$SHOWN" '"cufe":"FE01'

# The PDF is a real one. Its address needs no token.
curl -sS --noproxy '*' -o "$PDF" "$(printf '%s' "$SHOWN" | field pdf)"
expect "the PDF opens" "$(head -c 5 "$PDF")" '%PDF-'

# A void, inside its window of 182 hours and then after it.
VOIDED="$(call -X DELETE "$FAKE/pan/v1/invoices/$DOCUMENT" -d '{"reason": "El cliente se arrepintió"}')"
expect "it is voided" "$VOIDED" 'Document cancelled'
AGAIN="$(call -X DELETE "$FAKE/pan/v1/invoices/$DOCUMENT" -d '{"reason": "El cliente se arrepintió"}')"
expect "a second void is refused" "$AGAIN" '"code":"0622"'
