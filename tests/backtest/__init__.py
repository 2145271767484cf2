"""How often `next` had named what was then ticked, over real histories."""
