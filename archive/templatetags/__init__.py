"""Tags and filters of templates: links, excerpts, icons, addresses with other parameters."""
