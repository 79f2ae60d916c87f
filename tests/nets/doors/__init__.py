"""Who reads and changes what belongs to somebody: every route with an identifier by everybody in the cast."""
