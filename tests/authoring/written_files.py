"""Spec files as different people write them; all have the same fields, so that each can be changed in the same ways."""

from __future__ import annotations

from typing import Final

_TWO: Final = """\
# Orders of the shop.
kind: ConnectionSpec
key: orders

spec:
  name: Acme Orders # as the catalog shows it
  description: Orders of the shop, and of its returns.
  authSpec:
    # For people.
    - name: OAuth2
      spec:
        properties:
          token: {type: string, format: password} # a secret
          host: {type: string}
        required: [token, host]
    # For machines.
    - name: Basic
      spec:
        properties:
          user: {type: string}
        required: [user]
  paging:
    limit: "100" # a text
    mode: OFFSET
"""

_FOUR: Final = """\
kind: 'ConnectionSpec'
key: 'orders'
spec:
    name: 'Acme Orders'
    description: >-
        Orders of the shop,
        and of its returns.
    authSpec:
    -   name: 'OAuth2' # for people
        spec:
            properties:
                token:
                    type: 'string'
                host:
                    type: 'string'
            required:
            - 'token'
            - 'host'
    -   name: 'Basic' # for machines
        spec:
            properties:
                user:
                    type: 'string'
            required:
            - 'user'
    paging:
        limit: '100'
        mode: 'OFFSET'
"""

_DENSE: Final = """\
---
kind: ConnectionSpec
key: orders
spec:
  name: "Acme Orders"
  description: "Orders of the shop,\\nand of its returns."
  authSpec:
  - {name: OAuth2, spec: {properties: {token: {type: string}, host: {type: string}}, required: [token, host]}}   # for people
  - {name: Basic, spec: {properties: {user: {type: string}}, required: [user]}}   # for machines
  paging: {limit: "100", mode: OFFSET}
...
"""

_ANCHORS: Final = """\
kind: ConnectionSpec
key: orders
spec:
  name: &name Acme Orders
  label: *name
  description: |
    Orders of the shop,
    and of its returns.
  authSpec:

    - name: OAuth2
      spec: &fields
        properties: &properties
          token: &text
            type: string
          host: *text
        required:
          - token # first
          - host

    - name: Basic
      spec:
        properties:
          user: *text
        required:
          - user
  paging: &paging
    limit: &limit "100"
    mode: OFFSET
  copy: {limit: *limit}
"""

_EXPLICIT: Final = """\
? kind
: ConnectionSpec
? key
: orders
? spec
:
   name: Acme Orders
   ? description # for the catalog
   : Orders of the shop,
     and of its returns.
   authSpec:
      -
         # For people.
         name: OAuth2
         spec:
            properties:
               token:
                  type: string
               host:
                  type: string
            required:
               - token
               - host
      -
         # For machines.
         name: Basic
         spec:
            properties:
               user:
                  type: string
            required:
               - user
   paging:
      limit: "100"
      mode: OFFSET
"""

_BRACKETS: Final = """\
kind: ConnectionSpec
key: orders
spec:
  name: Acme Orders
  description: Orders of the shop
  authSpec: [
    # For people.
    {
      name: OAuth2,
      spec: {
        properties: {
          token: {type: string}, # a secret
          host: {type: string}
        },
        required: [
          token, # first
          host
        ]
      }
    },
    # For machines.
    {
      name: Basic,
      spec: {
        properties: {
          user: {type: string}
        },
        required: [
          user
        ]
      }
    }
  ]
  paging: {
    limit: "100", # a text
    mode: OFFSET,
  }
"""

_JSON: Final = """\
{
\t"kind": "ConnectionSpec",
\t"key": "orders",
\t"spec": {
\t\t"name": "Acme Orders",
\t\t"description": "Orders of the shop",
\t\t"authSpec": [
\t\t\t{
\t\t\t\t"name": "OAuth2",
\t\t\t\t"spec": {
\t\t\t\t\t"properties": {
\t\t\t\t\t\t"token": { "type": "string" },
\t\t\t\t\t\t"host": { "type": "string" }
\t\t\t\t\t},
\t\t\t\t\t"required": ["token", "host"]
\t\t\t\t}
\t\t\t},
\t\t\t{
\t\t\t\t"name": "Basic",
\t\t\t\t"spec": {
\t\t\t\t\t"properties": {
\t\t\t\t\t\t"user": { "type": "string" }
\t\t\t\t\t},
\t\t\t\t\t"required": ["user"]
\t\t\t\t}
\t\t\t}
\t\t],
\t\t"paging": {
\t\t\t"limit": "100",
\t\t\t"mode": "OFFSET"
\t\t}
\t}
}
"""

_EIGHT: Final = """\
%YAML 1.2
---
"kind": "ConnectionSpec"
"key": "orders"
"spec":
        "name": "Acme Orders"

        "description": |-
                Orders of the shop,

                  - and of its returns.

        "authSpec":
                - "name": "OAuth2" # for people

                  "spec":
                          "properties":
                                  "token": {"type": "string"}

                                  "host": {"type": "string"}
                          "required": ["token", "host"]

                - "name": "Basic" # for machines

                  "spec":
                          "properties":
                                  "user": {"type": "string"}
                          "required": ["user"]

        "paging":
                # A text.
                "limit": "100"
                "mode": "OFFSET"
"""

_FLUSH: Final = """\
kind: ConnectionSpec
key: orders


spec:
  # What people see.

  name: Acme Orders
  description: >
    Orders of the shop,
    and of its returns.

  authSpec:
  # For people.
  # They have a browser.
  - name: OAuth2
    spec:
      properties:
        token: # a secret
          type: string
        # Without https.
        host:
          type: 'string'
      required:
      - 'token'
      - 'host'
  # For machines.
  - name: Basic
    spec:
      properties:
        user:
          type: string
      required:
      - 'user'

  paging:
    limit: '100'
    mode: OFFSET
# The end.
"""

FILES: Final = {
    "two spaces, comments above items": _TWO,
    "four spaces, single quotes, lists at their key": _FOUR,
    "Windows line ends and no last one": _FOUR.removesuffix("\n").replace("\n", "\r\n"),
    "one line for each entry": _DENSE,
    "anchors and blank lines": _ANCHORS,
    "three spaces, question marks, dashes alone": _EXPLICIT,
    "brackets over lines": _BRACKETS,
    "JSON with tabs": _JSON,
    "eight spaces, double quotes": _EIGHT,
    "no spaces before lists, few quotes": _FLUSH,
}
