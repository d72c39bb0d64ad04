"""Who may sit at the editors' desk: signing in with two factors, lock-out, and a record of every act."""
