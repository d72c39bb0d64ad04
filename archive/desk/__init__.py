"""Access to the editors' desk: signing in with two factors, lock-out, and an audit log of every act."""
