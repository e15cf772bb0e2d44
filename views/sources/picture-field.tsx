import { CheckField, Field } from '../parts/index.ts';

/** Upload of a small picture, with the present one and a way to take it away. */
export function PictureField(props: { name: string; label: string; error: string | undefined; url: string | null }) {
  const { name, label, error, url } = props;
  return (
    <div class="picture-field">
      {url && <img class="source-icon" src={url} alt={`Present ${label.toLowerCase()}`} width="44" height="44" />}
      <Field
        name={name}
        type="file"
        label={label}
        error={error}
        accept="image/jpeg,image/png,image/webp,image/gif"
        hint="JPEG, PNG, WebP or GIF up to 6 MB; it is made small."
      />
      {url && <CheckField name={`remove-${name}`} label={`Take the ${label.toLowerCase()} away`} />}
    </div>
  );
}
