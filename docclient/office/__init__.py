"""The office: rules, commands, queries and offers behind one door (`door.Office`)."""
