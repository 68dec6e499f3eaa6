"""What the relay does by itself: ticks, sending what waits in the outbox, standing by for another process."""
