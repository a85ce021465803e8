// Kept tokens travel from their chips to their place in the text.

// flights: [{chip, to: where it goes}, …]; the ghosts live in `frame` and are gone after `duration` ms.
export const fly = (frame, flights, duration) => {
  const corner = frame.getBoundingClientRect();
  const places = flights.map(({ chip, to }) => ({
    chip,
    from: chip.getBoundingClientRect(),
    to: to.getBoundingClientRect(),
  }));
  for (const { chip, from, to } of places) {
    const ghost = chip.cloneNode(true);
    for (const name of ["data-token", "data-test", "aria-label", "style"]) ghost.removeAttribute(name);
    ghost.setAttribute("aria-hidden", "true");
    ghost.tabIndex = -1;
    ghost.className = `${chip.className} ghost`;
    ghost.style.left = `${from.left - corner.left}px`;
    ghost.style.top = `${from.top - corner.top}px`;
    frame.append(ghost);
    const move = `translate(${to.left - from.left}px, ${to.top - from.top - 8}px) scale(.9)`;
    const flight = ghost.animate(
      [
        { transform: "none", opacity: 0.9 },
        { transform: move, opacity: 0 },
      ],
      { duration, easing: "cubic-bezier(.3,.7,.3,1)" },
    );
    flight.onfinish = flight.oncancel = () => ghost.remove();
  }
};
