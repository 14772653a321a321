/* Files that are sent as soon as they are chosen, one after the other, with progress, previews and removal
   (templates/opencity_issues/report/upload.html). Without it the same input posts with its form. */
(function () {
  "use strict";
  const OpenCity = window.OpenCity || {};

  class Uploads {
    constructor(frame) {
      this.frame = frame;
      this.form = frame.closest("form");
      this.input = frame.querySelector("input[type=file]");
      this.previews = frame.querySelector("[data-previews]");
      this.questions = frame.querySelector("[data-questions]");
      this.fault = frame.querySelector("[data-upload-fault]");
      this.waiting = [];
      this.current = null;
      this.submitter = null; // the button that waits until all is there
      frame.querySelector("[data-picker]").classList.remove("picker--plain");
      this.input.addEventListener("change", () => this.add([...this.input.files]));
      this.frame.addEventListener("click", (event) => this.clicked(event));
      this.form.addEventListener("submit", (event) => this.submitted(event));
      window.addEventListener("online", () => this.next());
      this.takeDrops(frame.querySelector("[data-picker]"));
      // Chosen on a slow network, before this script was there.
      if (this.input.files.length) this.add([...this.input.files]);
    }

    takeDrops(picker) {
      for (const kind of ["dragover", "dragleave", "drop"]) {
        picker.addEventListener(kind, (event) => {
          event.preventDefault();
          picker.classList.toggle("is-over", kind === "dragover");
          if (kind === "drop") this.add([...event.dataTransfer.files]);
        });
      }
    }

    say(text) {
      this.fault.textContent = text;
      this.fault.hidden = !text;
    }

    add(files) {
      // What is sent by itself must not be sent with the form once more.
      this.input.value = "";
      this.say("");
      const room = Number(this.frame.dataset.atMost) - this.previews.querySelectorAll("[data-file]").length;
      if (files.length > room) this.say(this.frame.dataset.sayFull);
      for (const file of files.slice(0, Math.max(0, room))) this.waiting.push({ file, figure: this.preview(file) });
      this.next();
    }

    preview(file) {
      const figure = this.frame.querySelector("[data-preview-template]").content.cloneNode(true).firstElementChild;
      figure.querySelector("figcaption span").textContent = this.frame.dataset.sayUploading;
      if (file.type.startsWith("image/")) {
        const image = document.createElement("img");
        image.alt = file.name;
        image.src = URL.createObjectURL(file);
        image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
        // A format that this browser cannot show keeps its empty frame until the server has made a JPEG of it.
        image.addEventListener("error", () => image.replaceWith(document.createElement("div")), { once: true });
        figure.querySelector(".preview__empty").replaceWith(image);
      }
      this.previews.append(figure);
      return figure;
    }

    next() {
      if (this.current || !this.waiting.length) return;
      this.current = this.waiting.shift();
      const { file, figure } = this.current;
      const caption = figure.querySelector("figcaption");
      const request = new XMLHttpRequest();
      this.current.request = request;
      request.open("POST", this.frame.dataset.url);
      request.responseType = "json";
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", this.token());
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        caption.querySelector("progress").value = (event.loaded / event.total) * 100;
        if (event.loaded === event.total) caption.querySelector("span").textContent = this.frame.dataset.sayChecking;
      });
      request.addEventListener("load", () => this.answered(request));
      request.addEventListener("error", () => this.broken());
      const body = new FormData();
      if (this.frame.dataset.purpose) body.append("for", this.frame.dataset.purpose);
      body.append("file", file, file.name);
      request.send(body);
    }

    /* No connection: the file stays and is sent when it is back. */
    broken() {
      const { figure } = this.current;
      figure.querySelector("figcaption span").textContent = this.frame.dataset.sayFailed;
      this.waiting.unshift(this.current);
      this.current = null;
      this.release();
    }

    answered(request) {
      const { file, figure } = this.current;
      const answer = request.response;
      if (request.status === 201 && answer) {
        this.arrived(figure, answer);
      } else {
        figure.remove();
        this.say(`${file.name}: ${answer?.error || this.frame.dataset.sayFault}`);
      }
      this.current = null;
      this.next();
      if (!this.current) this.release();
    }

    arrived(figure, answer) {
      figure.dataset.change = answer.change;
      figure.querySelector("[name=remove]").value = answer.token;
      figure.querySelector("figcaption").remove();
      const shown = document.createElement(answer.kind === "photo" ? "img" : "video");
      shown.src = answer.thumb || answer.url;
      if (answer.kind === "photo") shown.alt = "";
      else Object.assign(shown, { controls: true, preload: "metadata" });
      figure.firstElementChild.replaceWith(shown);
      if (this.frame.dataset.purpose) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name: "media", value: answer.token });
        figure.append(field);
      }
      if (answer.question) this.ask(answer);
    }

    ask(answer) {
      const question = this.frame.querySelector("[data-question-template]").content.cloneNode(true).firstElementChild;
      question.dataset.change = answer.change;
      question.querySelector("p").textContent = answer.question;
      this.questions.append(question);
    }

    clicked(event) {
      const button = event.target instanceof Element ? event.target.closest("button[name]") : null;
      const part = button?.closest("[data-file], [data-question]");
      if (!part) return;
      event.preventDefault();
      if (!part.dataset.change) {
        this.abandon(part);
      } else {
        this.change(part, button.name);
      }
    }

    /* A file that is still on its way. */
    abandon(figure) {
      this.waiting = this.waiting.filter((one) => one.figure !== figure);
      if (this.current?.figure === figure) {
        this.current.request.abort();
        this.current = null;
      }
      figure.remove();
      this.next();
      if (!this.current) this.release();
    }

    async change(part, action) {
      const body = new FormData();
      body.append("action", action);
      const headers = { "X-CSRFToken": this.token(), Accept: "application/json" };
      const address = part.dataset.change;
      try {
        const answer = await (await fetch(address, { method: "POST", body, headers })).json();
        if (answer.said) OpenCity.toast?.(answer.said, "map-pin");
      } catch {
        this.say(this.frame.dataset.sayFault);
        return;
      }
      const about = [...this.frame.querySelectorAll("[data-question]")].filter(
        (one) => action === "use_place" || one.dataset.change === address,
      );
      about.forEach((one) => one.remove());
      if (action === "remove") part.remove();
      this.say("");
    }

    /* The form waits for its files, then goes by itself. */
    submitted(event) {
      if (!this.current) return;
      event.preventDefault();
      event.stopPropagation();
      this.submitter = event.submitter || this.form;
      OpenCity.toast?.(this.frame.dataset.sayWaiting, "loader-circle");
    }

    release() {
      const submitter = this.submitter;
      this.submitter = null;
      if (!submitter) return;
      // With something wrong to read, the person stays and decides.
      if (!this.fault.hidden || this.waiting.length) return;
      this.form.requestSubmit(submitter === this.form ? null : submitter);
    }

    token() {
      return this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    }
  }

  document.querySelectorAll("[data-upload]").forEach((frame) => new Uploads(frame));
})();
