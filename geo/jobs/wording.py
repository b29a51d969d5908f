"""What people read about jobs."""

from geo.i18n import N_

STATUS_WORDS = {
    "waiting": N_("waiting"),
    "running": N_("running"),
    "done": N_("done"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
    "lost": N_("lost"),
}
STATUS_ICONS = {
    "waiting": ":material/schedule:",
    "running": ":material/sync:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
    "cancelled": ":material/cancel:",
    "lost": ":material/help:",
}
