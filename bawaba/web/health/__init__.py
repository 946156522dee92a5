"""The machines' door: probes of a balancer and figures for a monitor. Nobody signs in here."""
