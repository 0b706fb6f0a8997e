# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the end-to-end tests: a clinic's server, browsers, the desktop, and time-based codes."""
