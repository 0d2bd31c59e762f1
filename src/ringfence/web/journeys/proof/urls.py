"""Addresses of proof for outsiders and of auditor's packs, beside the reports."""

from django.urls import URLPattern, path

from . import packs, proof, publishing

PROOF = "firms/<number:firm>/manage/reports/proof"
PACKS = "firms/<number:firm>/manage/reports/packs"
ONE = f"{PACKS}/<number:number>"

urlpatterns: list[URLPattern] = [
    path(PROOF, proof.proof, name="proof"),
    path(f"{PROOF}/key", proof.replace_key, name="replace-proof-key"),
    path(f"{PROOF}/verifier", proof.verifier, name="proof-verifier"),
    path(f"{PROOF}/often", publishing.often, name="publish-often"),
    path(f"{PROOF}/folder", publishing.folder, name="publish-folder"),
    path(f"{PROOF}/mailboxes", publishing.mailboxes, name="publish-mailboxes"),
    path(f"{PROOF}/address", publishing.address, name="publish-address"),
    path(f"{PROOF}/checkpoints/<number:entry>", proof.checkpoint, name="proof-checkpoint"),
    path(f"{PROOF}/checkpoints/<number:entry>/stamp", proof.stamp, name="proof-stamp"),
    path(PACKS, packs.packs, name="packs"),
    path(f"{PACKS}/new", packs.ask, name="ask-pack"),
    path(ONE, packs.pack, name="pack"),
    path(f"{ONE}/file", packs.file, name="pack-file"),
]
