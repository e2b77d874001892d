"""The answers of the API as tools for AI agents: the Model Context Protocol over HTTP (`/mcp`) and stdio."""
