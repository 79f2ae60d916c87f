"""What an institution of the sandbox says at its bare address: somebody opened it in a browser."""

SAID = """\
Sistema de prueba de «{code}»: una institución que conversa con la mesa; no tiene pantallas.

  GET  /control/held      lo que recibió
  GET  /control/refused   lo que la mesa le rechazó para siempre
  GET  /control           cómo se está portando
  POST /control           {{"fail": 2}}: que falle las dos próximas veces; docs/attach/rest.md dice qué más

Si habla SOAP, su contrato está en la dirección por la que la mesa la llama, con ?wsdl al final.
"""


def said_by(code: str) -> bytes:
    """Where to look, in plain text."""
    return SAID.format(code=code).encode()
