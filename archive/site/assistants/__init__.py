"""The archive for assistants (Model Context Protocol): its answers as tools, over HTTP and over stdio."""
