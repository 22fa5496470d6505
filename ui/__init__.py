"""The window: Qt Widgets over the office's door. The only floor that knows Qt, and it holds no rule of the office."""
