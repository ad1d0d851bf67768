// What the customers' pages use. A page works without any of it.
import "./es-due.js";
