/** A line of places that may be longer than the screen: brings the present one into view. */
class EsPlaces extends HTMLElement {
  connectedCallback() {
    const here = this.querySelector('[aria-current="page"]');
    const line = this.parentElement;
    if (!here || !line || line.scrollWidth <= line.clientWidth) return;
    line.scrollLeft = here.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
  }
}

customElements.define("es-places", EsPlaces);
