"""Management commands: ``manage.py`` and a command."""
