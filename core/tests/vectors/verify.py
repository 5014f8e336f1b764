"""Verifies a whole log that another program wrote: certificates, chains, receipts, checkpoints."""

from __future__ import annotations

from typing import Any

import cose
import log
import merkle
from forms import Meaning
from log import Certified, ChainState
from refusal import Refusal, require, with_place
from trust import read_certificates

Document = dict[str, Any]
h = bytes.fromhex


def document(doc: Document) -> str:
    """Verifies everything and returns a summary; the first thing wrong raises, its place named."""
    verifier = Verifier(doc)
    for number, chain in enumerate(doc["chains"]):
        verifier.chain(f"chain {number}", chain)
    for number, receipt in enumerate(doc["receipts"]):
        with_place(f"receipt {number}", verifier.receipt, h(receipt))
    for number, checkpoint in enumerate(doc["checkpoints"]):
        with_place(f"checkpoint {number}", verifier.checkpoint, h(checkpoint))
    counts = {name: len(doc[name]) for name in ("certificates", "chains")} | {"segments": len(verifier.segments)}
    counts |= {"entries": verifier.entries, "statements": verifier.statements}
    counts |= {name: len(doc[name]) for name in ("receipts", "checkpoints")}
    return ", ".join(f"{count} {name}" for name, count in counts.items())


class Verifier:
    """What is known so far of one document."""

    def __init__(self, doc: Document) -> None:
        self.org = h(doc["org"])
        self.register = read_certificates(self.org, h(doc["root_key"]), [h(envelope) for envelope in doc["certificates"]])
        self.chains = {h(chain["chain"]) for chain in doc["chains"]}
        self.segments: dict[bytes, tuple[bytes, bytes, int]] = {}  # id to its site, chain and last number
        self.entries = self.statements = 0
        site_log = [h(segment) for segment in doc["site_log"]]
        self.positions = {segment: position for position, segment in enumerate(site_log)}
        require(len(self.positions) == len(site_log), "bad_segment", "site log: one segment at two positions")
        self.roots = merkle.prefix_roots(log.site_leaf(position, segment) for position, segment in enumerate(site_log))

    def chain(self, place: str, doc: Document) -> None:
        """Verifies one chain from its genesis on."""
        site, chain = h(doc["site"]), h(doc["chain"])
        device = self.register.get(log.certified_kid(h(doc["device_certificate"])))
        if device is None or device.meaning["role"] not in (log.ROLE_HQ, log.ROLE_PHONE):
            raise Refusal("bad_signature", f"{place}: its device is not certified")
        require(device.meaning["site"] == site, "bad_segment", f"{place}: its device belongs to another site")
        state = ChainState(self.org, site, chain, device)
        for number, segment in enumerate(doc["segments"]):
            self._segment(f"{place} segment {number}", state, segment)

    def _segment(self, place: str, state: ChainState, doc: Document) -> None:
        entries = [h(entry) for entry in doc["entries"]]
        header, meanings = with_place(place, log.open_segment, state, h(doc["envelope"]), entries)
        ckpt = header["ckpt"]
        if ckpt is not None and ckpt["size"] < len(self.roots):
            agrees = self.roots[ckpt["size"]] == ckpt["root"]
            require(agrees, "bad_segment", f"{place}: its author saw a root that the site log does not have")
        for meaning in meanings:
            if meaning["statement"] is not None:
                with_place(f"{place} entry {meaning['seq']}", self._statement, state, meaning)
        self.entries += len(entries)
        self.segments[state.prev] = (state.site, state.chain, state.next_seq - 1)

    def _statement(self, state: ChainState, entry: Meaning) -> None:
        person = self.register.get(cose.parse(entry["statement"]).kid)
        if person is None:
            raise Refusal("bad_signature", "statement by no certified person")
        log.open_statement_of(state, entry, person)
        self.statements += 1

    def receipt(self, envelope: bytes) -> None:
        """Verifies a receipt against the site log and the chains."""
        meaning = log.open_receipt(envelope, self.org, self._server(envelope))
        self._root(meaning)
        segment = meaning["segment"]
        position = self.positions.get(segment, meaning["size"])
        require(position < meaning["size"], "bad_segment", "its segment is not in the site log")
        told = (meaning["site"], meaning["chain"], meaning["seq"])
        missing = segment not in self.segments and meaning["chain"] in self.chains
        require(not missing, "bad_segment", "its segment is missing from the chain")
        require(self.segments.get(segment, told) == told, "bad_segment", "it tells of another chain or number than its segment")

    def checkpoint(self, envelope: bytes) -> None:
        """Verifies a checkpoint against the site log."""
        self._root(log.open_checkpoint(envelope, self.org, self._server(envelope)))

    def _root(self, meaning: Meaning) -> None:
        require(meaning["size"] < len(self.roots), "bad_segment", "of a longer site log than there is")
        require(self.roots[meaning["size"]] == meaning["root"], "bad_segment", "its root is not the site log's")

    def _server(self, envelope: bytes) -> Certified:
        server = self.register.get(cose.parse(envelope).kid)
        if server is None or server.meaning["role"] != log.ROLE_SERVER:
            raise Refusal("bad_signature", "not by a server log key")
        return server
